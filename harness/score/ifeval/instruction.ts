import { InputError, type JsonObject } from "../../contracts/index.ts";

/** Arguments of one instruction, read by name and type. */
export class InstructionArguments {
  readonly #id: string;
  readonly #values: JsonObject;

  constructor(id: string, values: JsonObject) {
    this.#id = id;
    this.#values = values;
  }

  text(name: string): string {
    const value = this.#values[name];
    return typeof value === "string" ? value : this.#fail(name, "a text");
  }

  number(name: string): number {
    const value = this.#values[name];
    return typeof value === "number" ? value : this.#fail(name, "a number");
  }

  texts(name: string): string[] {
    const value = this.#values[name];
    return Array.isArray(value) && value.every((entry) => typeof entry === "string")
      ? value
      : this.#fail(name, "a list of texts");
  }

  /** Whether a count stands in the relation that the instruction asks for. */
  allows(count: number, names: { relation: string; threshold: string }): boolean {
    const relation = this.text(names.relation);
    if (relation === "less than") return count < this.number(names.threshold);
    if (relation === "at least") return count >= this.number(names.threshold);
    return this.#fail(names.relation, '"less than" or "at least"');
  }

  #fail(name: string, expected: string): never {
    throw new InputError({
      code: "IFEVAL_ARGUMENT",
      what: `Instruction ${this.#id} needs ${expected} as "${name}", and has ${JSON.stringify(this.#values[name] ?? null)}.`,
      fix: "Correct the item's kwargs, or the fields that the task derives them from.",
    });
  }
}

/** Whether a response does what one instruction asks. */
export type Check = (response: string, given: InstructionArguments) => boolean | Promise<boolean>;
