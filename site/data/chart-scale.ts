import { scaleLinear, scaleLog } from "d3-scale";

/** Rounded for an attribute: a tenth of a pixel is finer than anybody sees. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Where values fall between two pixel positions, with round ticks. */
export interface Axis {
  at(value: number): number;
  ticks: { at: number; label: string }[];
}

/** An axis from the smallest to the largest of the values, ends rounded. */
export function linearAxis(values: readonly number[], range: readonly [number, number], label = String): Axis {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const margin = (high - low) * 0.04 || Math.abs(high) * 0.1 || 1;
  const scale = scaleLinear([low - margin, high + margin], range);
  return {
    at: (value) => px(scale(value)),
    ticks: scale.ticks(6).map((tick) => ({ at: px(scale(tick)), label: label(round(tick)) })),
  };
}

/** A logarithmic axis over values above 0. */
export function logAxis(values: readonly number[], range: readonly [number, number], label = String): Axis {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  const low = Math.min(...positive);
  const high = Math.max(...positive);
  const scale = scaleLog([low / 1.3, high * 1.3], range);
  const wanted = scale.ticks(5);
  const few = wanted.length > 8 ? wanted.filter((tick) => /^[125]/.test(tick.toExponential())) : wanted;
  return {
    at: (value) => px(scale(value)),
    ticks: few.map((tick) => ({ at: px(scale(tick)), label: label(round(tick)) })),
  };
}

function round(value: number): number {
  return Number(value.toPrecision(10));
}
