"use strict";
// A part of isolate-worker.cjs: its text is evaluated inside an isolate, so it can use nothing around it.

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

exports.installTests = installTests;
