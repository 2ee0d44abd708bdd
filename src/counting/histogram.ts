/** Bounds for times in seconds, from 1 ms to 10 s. */
export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Observations by size, in a plain array: to count one takes nanoseconds. */
export class Histogram {
  /** How many observations were above the bound before and not above this one; the last are above all bounds. */
  readonly counts: Float64Array;
  sum = 0;

  /** `bounds`: the largest value of each bucket, in ascending order. */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let at = 0;
    while (at < bounds.length && value > bounds[at]!) at += 1;
    counts[at]! += 1;
    this.sum += value;
  }
}
