import fc from "fast-check";
import { expect, test } from "vitest";
import { fitted, shortNames } from "./model-names.ts";
import { placeLabels } from "./place-labels.ts";

const area = { left: 50, right: 700 };
const points = fc.array(
  fc.record({
    x: fc.double({ min: 50, max: 700, noNaN: true }),
    y: fc.double({ min: 10, max: 330, noNaN: true }),
    text: fc.string({ minLength: 1, maxLength: 40 }),
  }),
  { maxLength: 30 },
);

test("labels stay in the chart and cover neither each other nor a point", () => {
  fc.assert(
    fc.property(points, (given) => {
      const boxes = placeLabels(given, area).flatMap((label, at) => {
        if (!label) return [];
        const width = (given[at]?.text.length ?? 0) * 6.7;
        const left = label.anchor === "start" ? label.x : label.x - width;
        return [{ left, right: left + width, top: label.y - 9, bottom: label.y + 3 }];
      });
      for (const [at, box] of boxes.entries()) {
        expect(box.left).toBeGreaterThanOrEqual(area.left);
        expect(box.right).toBeLessThanOrEqual(area.right + 1e-9);
        for (const point of given) {
          const inside = point.x > box.left && point.x < box.right && point.y > box.top && point.y < box.bottom;
          expect(inside).toBe(false);
        }
        for (const other of boxes.slice(at + 1)) {
          const apart =
            box.right <= other.left || other.right <= box.left || box.bottom <= other.top || other.bottom <= box.top;
          expect(apart).toBe(true);
        }
      }
    }),
  );
});

test("a point alone gets its label on the right, one at the right edge on the left", () => {
  const [alone] = placeLabels([{ x: 100, y: 100, text: "north-1" }], area);
  expect(alone).toEqual({ x: 107, y: 95, anchor: "start" });
  const [edge] = placeLabels([{ x: 690, y: 100, text: "north-1" }], area);
  expect(edge).toMatchObject({ x: 683, anchor: "end" });
});

test("names are as short as tells them apart", () => {
  const ids = ["openai/acme/atlas-8b", "hf/acme/atlas-8b", "openai/borealis/north-1", "openai/tarn/tern"];
  const names = shortNames(ids, new Map([["openai/tarn/tern", "Tern (preview)"]]));
  expect(ids.map((id) => names.get(id))).toEqual([
    "openai/acme/atlas-8b",
    "hf/acme/atlas-8b",
    "north-1",
    "Tern (preview)",
  ]);
});

test("a long name loses its middle", () => {
  expect(fitted("atlas-2-instruct-235b-a22b-thinking-2507", 24)).toBe("atlas-2-instru…king-2507");
  expect(fitted("north-1", 24)).toBe("north-1");
});
