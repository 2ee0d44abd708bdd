/** The time over which the rate is averaged, in milliseconds. */
const AVERAGED_MS = 1_000;

/** What is expected until there is a measurement: half a second for a full crowd. */
const EXPECTED_PER_SECOND = 2;

/** How fast a crowd clears while it is large: requests that wait, or bytes that are kept. */
export class ClearingRate {
  private perSecond: number;
  private last: { nowMs: number; cleared: number } | undefined;

  constructor(
    private readonly largest: number,
    /** The longest time to ask for: whoever is in the crowd now is out of it by then. */
    private readonly mostSeconds: number,
  ) {
    this.perSecond = EXPECTED_PER_SECOND * largest;
  }

  /** To be called often, with the time, the size of the crowd now, and how much has left it so far. */
  tick(nowMs: number, crowd: number, cleared: number): void {
    const { last } = this;
    this.last = { nowMs, cleared };
    // A small crowd and not the service limits the rate.
    if (crowd <= this.largest / 2) this.perSecond = EXPECTED_PER_SECOND * this.largest;
    else if (last && nowMs > last.nowMs) {
      const tookMs = nowMs - last.nowMs;
      const measured = ((cleared - last.cleared) * 1_000) / tookMs;
      this.perSecond += (measured - this.perSecond) * (1 - Math.exp(-tookMs / AVERAGED_MS));
    }
  }

  /** In how many whole seconds such a crowd will have cleared, at least 1. */
  secondsFor(crowd: number): number {
    return Math.max(1, Math.min(Math.ceil(crowd / this.perSecond), this.mostSeconds));
  }
}
