import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AssayError, InputError } from "../../contracts/index.ts";
import { type ExportFile, exportFormats, exportRun, type Loss, makeFolder, readSamples } from "../../record/index.ts";
import { findRun } from "../find-run.ts";
import type { Options } from "../flags.ts";
import { outUnwritable } from "../out-unwritable.ts";
import type { Terminal } from "../terminal.ts";

/** `assay export`: runs in another project's format, with a report of what that can't hold. */
export async function run(names: string[], options: Options, terminal: Terminal): Promise<number> {
  const { format } = options;
  if (format === undefined) {
    throw new InputError({
      code: "EXPORT_FORMAT_MISSING",
      what: "No format is named.",
      fix: `Add --format ${exportFormats.join(", ")}.`,
    });
  }
  const publisher = { organization: options.organization, relationship: options.relationship };
  const exports: { run: string; files: string[]; losses: Loss[] }[] = [];
  for (const name of names) {
    const { record, folder } = await findRun(name, options.results);
    const source = { record, samples: () => readSamples(folder, record) };
    const { files, losses } = await exportRun(format, source, { at: new Date(), publisher });
    const paths: string[] = [];
    for (const file of files) paths.push(await write(file, options.out));
    exports.push({ run: record.runId, files: paths, losses });
  }
  if (options.json) terminal.json({ format, exports });
  else for (const one of exports) report(one, { format, terminal });
  return 0;
}

async function write({ path, content }: ExportFile, out: string): Promise<string> {
  const location = join(out, path);
  try {
    makeFolder(dirname(location));
    if (typeof content === "string" || content instanceof Uint8Array) await writeFile(location, content);
    else await pipeline(Readable.from(content), createWriteStream(location));
    return location;
  } catch (cause) {
    // A run that can't be read has said so itself.
    if (cause instanceof AssayError) throw cause;
    throw outUnwritable(path, out, cause);
  }
}

function report(
  { run: id, files, losses }: { run: string; files: string[]; losses: Loss[] },
  { format, terminal }: { format: string; terminal: Terminal },
): void {
  for (const file of files) terminal.print(file);
  terminal.say(`\n${id} as ${format}. What it doesn't hold:`);
  for (const { field, why } of losses) terminal.say(`  ${field}: ${why}`);
}
