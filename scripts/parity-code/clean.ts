// Cuts programs out of responses: JSON list of {text, entryPoint} on stdin, JSON list of programs (or null) on stdout.
import { text } from "node:stream/consumers";
import { compilePipeline } from "../../harness/extract/index.ts";

const read = compilePipeline({ id: "program", steps: [{ use: "definition", entryPoint: "{{ entry_point }}" }] });
const asked = JSON.parse(await text(process.stdin)) as { text: string; entryPoint: string }[];
const programs = asked.map(
  ({ text: response, entryPoint }) =>
    read({ responses: [response], fields: { choices: null, document: {} }, render: () => entryPoint }).answer,
);
process.stdout.write(JSON.stringify(programs));
