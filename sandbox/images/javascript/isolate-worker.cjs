"use strict";
// The JavaScript judge of a box. One program at a time, two isolates: the candidate's, which holds nothing of ours but
// a closure that answers calls with strings, and the tests'. Values cross as tagged JSON; no object of isolated-vm ever
// enters the candidate's isolate. Whoever starts this process also kills it, by CPU and wall time: no timer is set here.

const fs = require("node:fs");
const { stripTypeScriptTypes } = require("node:module");
const addon = { exports: {} };
process.dlopen(addon, process.argv[1]);
const ivm = addon.exports.ivm;

const MAX_FRAME = 64 * 1024 * 1024;
const MAX_REPLY = 16 * 1024 * 1024;
const MEMORY_MIB = 128;
const SPOILED_BYTES = 320 * 1024 * 1024;

/** Runs in both isolates before anything else: values to text and back, from primitives captured while still honest. */
function installCodec() {
  const { parse, stringify } = JSON;
  const { isArray, from } = Array;
  const { is, keys, getPrototypeOf, defineProperty } = Object;
  // oxlint-disable-next-line unbound-method -- bound to `call` right here.
  const tag = Function.prototype.call.bind(Object.prototype.toString);
  const plain = Object.prototype;
  // Instances of the candidate's classes: their fields are data, and strictly they equal no plain object.
  const foreign = Object.create(plain);
  const show = String;
  const notANumber = Number.isNaN;
  function encode(value, depth) {
    if (depth > 200) throw new RangeError("nested more than 200 deep");
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number") {
      return is(value, -0) || notANumber(value) || value === Infinity || value === -Infinity
        ? { t: "n", v: is(value, -0) ? "-0" : show(value) }
        : value;
    }
    if (value === undefined) return { t: "u" };
    if (typeof value === "bigint") return { t: "b", v: value.toString(16) };
    if (typeof value !== "object") throw new TypeError(`a ${typeof value} is not data`);
    if (isArray(value)) {
      const items = [];
      for (let index = 0; index < value.length; index++)
        defineProperty(items, index, {
          value: encode(value[index], depth + 1),
          enumerable: true,
          writable: true,
          configurable: true,
        });
      return items;
    }
    const kind = tag(value);
    if (kind === "[object Map]") return { t: "m", v: encode(from(value), depth) };
    if (kind === "[object Set]") return { t: "s", v: encode(from(value), depth) };
    if (kind === "[object Date]") return { t: "d", v: value.getTime() };
    if (kind === "[object RegExp]") return { t: "r", v: [value.source, value.flags] };
    const names = keys(value);
    const pairs = [];
    for (let index = 0; index < names.length; index++)
      pairs[index] = [names[index], encode(value[names[index]], depth + 1)];
    return { t: getPrototypeOf(value) === plain ? "o" : "c", v: pairs };
  }
  function decode(value) {
    if (value === null || typeof value !== "object") return value;
    if (isArray(value)) return value.map(decode);
    switch (value.t) {
      case "u":
        return undefined;
      case "n":
        return Number(value.v);
      case "b":
        return value.v[0] === "-" ? -BigInt(`0x${value.v.slice(1)}`) : BigInt(`0x${value.v}`);
      case "m":
        return new Map(decode(value.v));
      case "s":
        return new Set(decode(value.v));
      case "d":
        return new Date(value.v);
      case "r":
        return new RegExp(value.v[0], value.v[1]);
      case "o":
      case "c": {
        const object = value.t === "o" ? {} : Object.create(foreign);
        for (const [name, held] of value.v)
          defineProperty(object, name, { value: decode(held), enumerable: true, writable: true, configurable: true });
        return object;
      }
      default:
        throw new TypeError("not a value");
    }
  }
  return { encode: (value) => stringify(encode(value, 0)), decode: (text) => decode(parse(text)) };
}

/** Runs in the candidate's isolate; returns the one function the worker may call there. */
function installCandidate(codec, keep, maxReply) {
  // biome-ignore lint/security/noGlobalEval: running the candidate is what this isolate is for.
  const evaluate = globalThis.eval; // oxlint-disable-line no-eval
  const { stringify } = JSON;
  const { apply } = Reflect;
  const show = String;
  let text = "";
  let count = 0;
  let values = [];
  const write = (...parts) => {
    let line = "";
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index];
      let shown;
      try {
        shown = typeof part === "object" ? stringify(part) : show(part);
      } catch {
        shown = "[unprintable]";
      }
      line += (index === 0 ? "" : " ") + shown;
    }
    line += "\n";
    count += line.length;
    if (text.length < keep) text += line;
  };
  const failing = (condition, ...parts) => {
    if (!condition) throw new Error(`assertion failed${parts.length > 0 ? `: ${show(parts[0])}` : ""}`);
  };
  globalThis.console = {
    log: write,
    info: write,
    warn: write,
    error: write,
    debug: write,
    trace: write,
    assert: failing,
  };
  const describe = (problem) => {
    try {
      const name = typeof problem === "object" && problem !== null ? show(problem.name) : typeof problem;
      const message = typeof problem === "object" && problem !== null ? show(problem.message) : show(problem);
      return `e${(`${name}: ${message}`).slice(0, 300)}`;
    } catch {
      return "ean exception without text";
    }
  };
  return (operation, body, names) => {
    if (operation === "output") return stringify([text, count]);
    try {
      if (operation === "load") {
        const wanted =
          names === ""
            ? ""
            : names
                .split(",")
                .map((name) => `typeof ${name} === 'undefined' ? undefined : ${name}`)
                .join(",");
        values = evaluate(`${body}\n;[${wanted}]`);
        return "r";
      }
      const target = values[names];
      if (typeof target !== "function") return "eTypeError: the function is not defined";
      const reply = codec.encode(apply(target, undefined, codec.decode(body)));
      return reply.length > maxReply ? "eRangeError: the reply is too large" : `r${reply}`;
    } catch (problem) {
      return describe(problem);
    }
  };
}

/** Runs in the tests' isolate: names of the candidate, a console whose assertions throw, and `require("assert")`. */
function installTests(codec, call, names) {
  const { getPrototypeOf } = Object;
  const kindOf = (value) => Object.prototype.toString.call(value);
  const sameMembers = (left, right, strict) => {
    const rest = [...right];
    return (
      left.size === right.size &&
      [...left].every((member) => {
        const index = rest.findIndex((other) => deepEqual(member, other, strict));
        if (index >= 0) rest.splice(index, 1);
        return index >= 0;
      })
    );
  };
  // biome-ignore lint/suspicious/noDoubleEquals: what Node's assert does.
  const looselyEqual = (left, right) => Object.is(left, right) || left == right;
  const deepEqual = (left, right, strict) => {
    if (Object.is(left, right)) return true;
    if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
      return !strict && looselyEqual(left, right);
    }
    if (kindOf(left) !== kindOf(right) || (strict && getPrototypeOf(left) !== getPrototypeOf(right))) return false;
    if (left instanceof Date) return Object.is(+left, +right);
    if (left instanceof RegExp) return String(left) === String(right);
    if (left instanceof Set || left instanceof Map) return sameMembers(left, right, strict);
    const keys = Object.keys(left);
    return (
      (!Array.isArray(left) || left.length === right.length) &&
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && deepEqual(left[key], right[key], strict))
    );
  };
  class AssertionError extends Error {}
  const check = (condition, message) => {
    if (!condition)
      throw new AssertionError(message === undefined ? "assertion failed" : `assertion failed: ${message}`);
  };
  const assert = Object.assign((condition, message) => check(condition, message), {
    ok: check,
    equal: (left, right, message) => check(looselyEqual(left, right), message),
    notEqual: (left, right, message) => check(!looselyEqual(left, right), message),
    strictEqual: (left, right, message) => check(Object.is(left, right), message),
    notStrictEqual: (left, right, message) => check(!Object.is(left, right), message),
    deepEqual: (left, right, message) => check(deepEqual(left, right, false), message),
    deepStrictEqual: (left, right, message) => check(deepEqual(left, right, true), message),
    notDeepEqual: (left, right, message) => check(!deepEqual(left, right, false), message),
    throws: (action) => {
      let threw = false;
      try {
        action();
      } catch {
        threw = true;
      }
      check(threw, "expected an exception");
    },
    AssertionError,
  });
  const quiet = () => undefined;
  globalThis.console = { log: quiet, info: quiet, warn: quiet, error: quiet, debug: quiet, assert: check };
  globalThis.assert = assert;
  globalThis.require = (name) => {
    if (name === "assert" || name === "node:assert" || name === "assert/strict") return assert;
    throw new Error(`no module "${name}" in the tests' isolate`);
  };
  names.forEach((name, index) => {
    globalThis[name] = (...values) => {
      const reply = call(index, codec.encode(values));
      if (typeof reply !== "string") throw new Error("the program ended before its tests did");
      if (reply[0] === "e") throw new Error(reply.slice(1));
      return codec.decode(reply.slice(1));
    };
  });
}

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
