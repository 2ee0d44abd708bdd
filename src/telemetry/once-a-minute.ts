const MINUTE_MS = 60_000;

/** Whether something may be said in the log: at most once a minute. */
export class OnceAMinute {
  private saidAt = -Infinity;

  /** `now`: milliseconds of the process. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** If it is true, it counts as said now. */
  may(): boolean {
    const now = this.now();
    if (now - this.saidAt < MINUTE_MS) return false;
    this.saidAt = now;
    return true;
  }
}
