import { Histogram, SECONDS } from './histogram.js';

/** Bounds for the sizes of groups. The largest is that of the largest group. */
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/** The groups of calls that were made together. */
export class GroupCounts {
  /** How many calls were in a group. */
  readonly sizes = new Histogram(SIZES);
  /** How long the call that came first waited until its group began. */
  readonly waits = new Histogram(SECONDS);

  count(size: number, waitedMs: number): void {
    this.sizes.observe(size);
    this.waits.observe(waitedMs / 1_000);
  }
}
