import type { Sample } from "../../contracts/index.ts";

/** Groups samples, which come in the order of items and epochs, by item. */
export async function* samplesByItem(samples: AsyncIterable<Sample>): AsyncGenerator<[Sample, ...Sample[]]> {
  let group: Sample[] = [];
  for await (const sample of samples) {
    if (group[0] && group[0].item !== sample.item) {
      yield group as [Sample, ...Sample[]];
      group = [];
    }
    group.push(sample);
  }
  if (group.length > 0) yield group as [Sample, ...Sample[]];
}
