import { setTimeout } from 'node:timers/promises';

/** Work of a provider beside the requests, which ends when the service stops. */
export class BackgroundWork {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private next: (() => Promise<void>) | undefined;

  /** Aborted when the service stops. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /**
   * Begins, after what runs now. At most one waits: a further one takes its place. `work` must not reject, and must look at
   * {@link isStopped} between its steps.
   */
  start(work: () => Promise<void>): void {
    if (this.running) this.next = work;
    else this.running = work().finally(() => this.goOn());
  }

  /** Resolves when it has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private goOn(): void {
    const { next } = this;
    this.running = this.next = undefined;
    if (next && !this.isStopped) this.start(next);
  }

  /** Waits for so many milliseconds, or until the service stops. */
  async pause(ms: number): Promise<void> {
    await setTimeout(ms, undefined, { signal: this.stopping.signal, ref: false }).catch(ignoreStop);
  }
}

function ignoreStop(): void {}
