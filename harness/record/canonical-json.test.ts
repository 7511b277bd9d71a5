import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, hashOf } from "./index.ts";

test("keys are sorted and white space is left out", () => {
  expect(canonicalJson({ b: [1, { d: null, c: "ü" }], a: true })).toBe('{"a":true,"b":[1,{"c":"ü","d":null}]}');
});

test("undefined members are left out, in lists they are null", () => {
  expect(canonicalJson({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
});

test("a value that JSON can't hold is refused", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, { a: 1n }, () => 1])
    expect(() => canonicalJson(value)).toThrow(TypeError);
});

test("lone surrogates and NUL survive", () => {
  const text = "a\ud800b\u0000c";
  expect(JSON.parse(canonicalJson({ text }))).toEqual({ text });
});

test("the order of keys never changes a hash", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(hashOf(reversed)).toBe(hashOf(value));
    }),
  );
});
