/**
 * The reads of this process that may take long. SQLite can begin its write-ahead log anew only while none of them is under way, and
 * with several connections one always may be. So they can be kept apart for a moment.
 */
export class LongReads {
  private running = 0;
  private pause: Promise<void> | undefined;
  private whenNone: (() => void) | undefined;

  get areUnderWay(): boolean {
    return this.running > 0;
  }

  /** Carries out a read, after a pause that there is now. */
  async during<T>(read: () => Promise<T>): Promise<T> {
    while (this.pause) await this.pause;
    this.running += 1;
    try {
      return await read();
    } finally {
      this.running -= 1;
      if (this.running === 0) this.whenNone?.();
    }
  }

  /** Lets no read begin, waits for the end of those that run, and carries out some work. One at a time. */
  async without<T>(work: () => Promise<T>): Promise<T> {
    let end: (() => void) | undefined;
    this.pause = new Promise((resolve) => (end = resolve));
    try {
      if (this.running > 0) await new Promise<void>((resolve) => (this.whenNone = resolve));
      return await work();
    } finally {
      this.whenNone = undefined;
      this.pause = undefined;
      end?.();
    }
  }
}
