import { ByteWriter, ParquetWriter } from "hyparquet-writer";

/** A column of a Parquet file; every cell is of its type or `null`. */
export interface ParquetColumn {
  name: string;
  type: "text" | "number" | "whole";
}

/** Rows that are encoded at once. */
const batchSize = 1000;
const types = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  number: { type: "DOUBLE" },
  whole: { type: "INT32" },
} as const;

/** Puts rows into one Parquet file, batch by batch. The same rows give the same bytes. */
export class ParquetTable {
  readonly #columns: readonly ParquetColumn[];
  readonly #writer = new ByteWriter();
  readonly #parquet: ParquetWriter;
  #batch: (string | number | null)[][];

  /** @param notes key and value pairs for the file's metadata */
  constructor(
    columns: readonly ParquetColumn[],
    { notes, createdBy }: { notes: [string, string][]; createdBy: string },
  ) {
    this.#columns = columns;
    this.#batch = columns.map(() => []);
    this.#parquet = new ParquetWriter({
      writer: this.#writer,
      schema: [
        { name: "root", num_children: columns.length },
        ...columns.map(({ name, type }) => ({ name, repetition_type: "OPTIONAL" as const, ...types[type] })),
      ],
      kvMetadata: notes.map(([key, value]) => ({ key, value })),
      createdBy,
    });
  }

  /** Adds a row: one cell a column. */
  async add(cells: readonly (string | number | null)[]): Promise<void> {
    for (const [index, { type }] of this.#columns.entries()) {
      const cell = cells[index] ?? null;
      this.#batch[index]?.push(type === "whole" && typeof cell === "number" ? Math.round(cell) : cell);
    }
    if (this.#batch[0]?.length === batchSize) await this.#flush();
  }

  /** Ends the file. @returns its bytes */
  async finish(): Promise<Uint8Array> {
    if ((this.#batch[0]?.length ?? 0) > 0) await this.#flush();
    await this.#parquet.finish();
    return new Uint8Array(this.#writer.getBuffer());
  }

  async #flush(): Promise<void> {
    const columnData = this.#columns.map(({ name }, index) => ({ name, data: this.#batch[index] ?? [] }));
    await this.#parquet.write({ columnData, rowGroupSize: batchSize });
    this.#batch = this.#columns.map(() => []);
  }
}
