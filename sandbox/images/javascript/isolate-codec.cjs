"use strict";
// A part of isolate-worker.cjs: its text is evaluated inside an isolate, so it can use nothing around it.

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

exports.installCodec = installCodec;
