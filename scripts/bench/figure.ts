import type { BenchLab } from "./bench-lab";

/** Something that is measured. */
export interface Figure {
  /** Key in the JSON object; the unit is in it. */
  readonly name: string;
  readonly description: string;
  /** What it should stay below. Defaults to no limit. */
  readonly limit?: number;
  readonly measure: (context: BenchContext) => Promise<number>;
}

/** What figures share: a lab is dear, so those about one machine set use the same. */
export interface BenchContext {
  /** The lab of four machines, started when first asked for. */
  readonly fourMachines: () => Promise<BenchLab>;
}

/** The middle one of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Measures so many times, one after another. */
export async function repeat(times: number, measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let index = 0; index < times; index++) values.push(await measure());
  return values;
}
