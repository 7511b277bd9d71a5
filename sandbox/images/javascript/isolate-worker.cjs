"use strict";
// The JavaScript judge of a box. One program at a time, two isolates: the candidate's, which holds nothing of ours but
// a closure that answers calls with strings, and the tests'. Values cross as tagged JSON; no object of isolated-vm ever
// enters the candidate's isolate. Whoever starts this process also kills it, by CPU and wall time: no timer is set here.

const fs = require("node:fs");
const { stripTypeScriptTypes } = require("node:module");
const addon = { exports: {} };
process.dlopen(addon, process.argv[1]);
const ivm = addon.exports.ivm;

// The box's sources put the parts before this text; see engine/box-sources.ts.
const { installCodec, installCandidate, installTests } = exports;

const MAX_FRAME = 64 * 1024 * 1024;
const MAX_REPLY = 16 * 1024 * 1024;
const MEMORY_MIB = 128;
const SPOILED_BYTES = 320 * 1024 * 1024;

class Judge {
  constructor(job) {
    this.job = job;
    this.calls = 0;
    this.stage = "task";
    this.ended = null;
    this.isolates = [];
  }

  isolate() {
    const isolate = new ivm.Isolate({ memoryLimit: MEMORY_MIB, onCatastrophicError: () => process.abort() });
    this.isolates.push(isolate);
    return isolate;
  }

  dispose() {
    for (const isolate of this.isolates) if (!isolate.isDisposed) isolate.dispose();
  }

  /** Calls into the candidate's isolate; only strings come back, and its end is remembered. */
  ask(operation, body, names) {
    if (this.ended !== null) return undefined;
    try {
      return this.candidate.applySync(undefined, [operation, body, names]);
    } catch (problem) {
      const text = String(problem.message);
      this.ended = /memory|disposed/i.test(text) ? "oom" : "failed";
      return undefined;
    }
  }

  prepareCandidate() {
    const context = this.isolate().createContextSync();
    const source = `(${String(installCandidate)})((${String(installCodec)})(), ${this.job.keep}, ${MAX_REPLY})`;
    this.candidate = context.evalSync(source, { reference: true });
  }

  prepareTests() {
    const context = this.isolate().createContextSync();
    const call = new ivm.Callback((index, body) => {
      this.calls += 1;
      return this.ask("call", body, index);
    });
    context.global.setSync("__call", call);
    const names = JSON.stringify(this.job.names);
    context.evalSync(
      `{ const call = __call; delete globalThis.__call; (${String(installTests)})((${String(installCodec)})(), call, ${names}); }`,
    );
    return context;
  }

  run() {
    const { job } = this;
    for (const part of ["code", "tests"]) if (job.typescript) job[part] = this.strip(part);
    const script = job.split ? this.prepareTests() : null;
    const compiled = script === null ? null : this.isolates[0].compileScriptSync(job.tests);
    this.prepareCandidate();
    this.stage = "load";
    const program = job.split ? job.code : `${job.code}\n;${job.tests}`;
    const reply = this.ask("load", program, job.names.join(","));
    if (reply === undefined || reply[0] !== "r")
      return this.verdict(this.ended ?? "failed", reply === undefined ? "" : reply.slice(1));
    if (script === null) return this.verdict("passed", "");
    this.stage = "tests";
    try {
      compiled.runSync(script);
    } catch (problem) {
      return this.verdict(this.ended ?? "failed", String(problem.message));
    }
    return this.verdict(this.ended ?? "passed", "");
  }

  strip(part) {
    const stage = this.stage;
    this.stage = part === "code" ? "load" : "task";
    const plain = stripTypeScriptTypes(this.job[part], { mode: "transform" });
    this.stage = stage;
    return plain;
  }

  /** What the candidate logged, as far as its own tampering leaves it readable. */
  output() {
    const raw = this.candidate === undefined ? undefined : this.ask("output", "", "");
    try {
      const [text, bytes] = JSON.parse(raw);
      return { text: String(text).slice(0, this.job.keep), bytes: Number.isSafeInteger(bytes) ? bytes : 0 };
    } catch {
      return { text: "", bytes: 0 };
    }
  }

  verdict(status, detail) {
    const output = this.output();
    return { status, detail: detail.slice(0, 300), stage: this.stage, calls: this.calls, output };
  }
}

function judge(job) {
  const one = new Judge(job);
  let verdict;
  try {
    verdict = one.run();
  } catch (problem) {
    verdict = one.verdict("failed", String(problem?.message).slice(0, 300));
  }
  one.dispose();
  const spoiled = one.ended !== null || process.memoryUsage.rss() > SPOILED_BYTES;
  return { ...verdict, spoiled };
}

function readExactly(count) {
  const buffer = Buffer.alloc(count);
  for (let done = 0; done < count; ) {
    const got = fs.readSync(0, buffer, done, count - done);
    if (got === 0) process.exit(0);
    done += got;
  }
  return buffer;
}

function send(message) {
  const body = Buffer.from(JSON.stringify(message));
  const header = Buffer.alloc(4);
  header.writeUInt32BE(body.length);
  const frame = Buffer.concat([header, body]);
  for (let done = 0; done < frame.length; ) done += fs.writeSync(1, frame, done);
}

process.emitWarning = () => undefined;
send({ ready: true });
for (;;) {
  const length = readExactly(4).readUInt32BE();
  if (length > MAX_FRAME) process.exit(3);
  send(judge(JSON.parse(readExactly(length).toString("utf8"))));
}
