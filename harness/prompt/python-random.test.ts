import { describe, expect, test } from "vitest";
import { PythonRandom } from "./index.ts";
import { askPython, findPython } from "./testing/python.ts";

/** Draws of CPython's own `random.Random`, for each seed with one stream through all kinds of calls. */
const script = `
import json, random, sys
def draws(seed, sizes):
    r = random.Random(seed)
    out = [r.getrandbits(32), r.getrandbits(5), r.random()]
    for n, k in sizes:
        out.append(r.sample(range(n), k))
        xs = list(range(min(n, 60))); r.shuffle(xs); out.append(xs)
        out.append(r.choices(range(n), k=3))
        out.append(r.randrange(n))
    return out
print(json.dumps([draws(int(c["seed"]), c["sizes"]) for c in json.load(sys.stdin)]))
`;

const sizes: [n: number, k: number][] = [
  [1, 1],
  [5, 5],
  [21, 5],
  [22, 5],
  [84, 6],
  [85, 6],
  [86, 6],
  [277, 22],
  [1119, 25],
  [7473, 5],
  [40398, 6],
  [100000, 300],
  [2 ** 31, 3],
];
const seeds = [
  "0",
  "1",
  "42",
  "1234",
  "-7",
  "4294967295",
  "4294967296",
  "18446744073709551617",
  "123456789012345678901234567890",
];
const cases = [...seeds, ...Array.from({ length: 60 }, (_, index) => String(index * 7919))].map((seed) => ({
  seed,
  sizes,
}));

function ours({ seed }: { seed: string }): unknown[] {
  const random = new PythonRandom(BigInt(seed));
  const out: unknown[] = [random.bits(32), random.bits(5), random.random()];
  for (const [n, k] of sizes) {
    out.push(random.sample(n, k));
    out.push(random.shuffle(Array.from({ length: Math.min(n, 60) }, (_, index) => index)));
    out.push(random.choices(n, 3), random.below(n));
  }
  return out;
}

const python = findPython(["random"]);

describe.skipIf(!python)("draws are those of the Python here", () => {
  test(`${cases.length} seeds, ${sizes.length} sizes, one stream each`, () => {
    const expected = askPython(python as string, ["-c", script], cases) as unknown[];
    expect(cases.map(ours)).toEqual(expected);
  });
});

test("known draws of CPython", () => {
  const random = new PythonRandom(1234);
  expect([1, 2, 3, 4].map(() => random.bits(32))).toEqual([4150886329, 3342196574, 1892932127, 501869158]);
  const gsm8k = new PythonRandom(1234);
  expect(gsm8k.sample(7473, 5)).toEqual([6374, 3610, 957, 61, 742]);
  expect(gsm8k.sample(7473, 5)).toEqual([7462, 6610, 4769, 286, 5501]);
  expect(new PythonRandom(1234).sample(40398, 6)).toEqual([28883, 7657, 490, 5940, 38156, 2288]);
  expect(new PythonRandom(1234).sample(21, 5)).toEqual([14, 3, 0, 2, 1]);
  expect(new PythonRandom(1234).sample(22, 5)).toEqual([14, 3, 0, 2, 18]);
  expect(new PythonRandom(0).shuffle([1, 2, 3, 4])).toEqual([3, 1, 2, 4]);
});
