/** The time over which the rate is averaged, in milliseconds. */
const AVERAGED_MS = 1_000;

/** What is expected until there is a measurement: half a second for all. */
const EXPECTED_PER_SECOND = 2;

/** How fast requests that wait are answered while many do. */
export class AnswerRate {
  private perSecond: number;
  private last: { nowMs: number; answered: number } | undefined;

  constructor(
    private readonly mostWaiting: number,
    /** The longest time to ask for: whoever waits now is answered within it. */
    private readonly mostSeconds: number,
  ) {
    this.perSecond = EXPECTED_PER_SECOND * mostWaiting;
  }

  /** To be called often, with the time, and the number of requests that wait now and that were answered so far. */
  tick(nowMs: number, { waiting, answered }: { waiting: number; answered: number }): void {
    const { last } = this;
    this.last = { nowMs, answered };
    // With few requests, their number and not the service limits the rate.
    if (waiting <= this.mostWaiting / 2) this.perSecond = EXPECTED_PER_SECOND * this.mostWaiting;
    else if (last && nowMs > last.nowMs) {
      const tookMs = nowMs - last.nowMs;
      const measured = ((answered - last.answered) * 1_000) / tookMs;
      this.perSecond += (measured - this.perSecond) * (1 - Math.exp(-tookMs / AVERAGED_MS));
    }
  }

  /** In how many whole seconds as many requests as wait now will be answered, at least 1. */
  secondsFor(waiting: number): number {
    return Math.max(1, Math.min(Math.ceil(waiting / this.perSecond), this.mostSeconds));
  }
}
