import type { Logger } from 'pino';
import type { Cause } from './overload.problems.js';

/** An overload is over when nothing was refused for so long, in milliseconds. */
const CALM_MS = 5_000;

/** Logs when requests begin to be refused, and when that is over: two lines, however many requests it were. */
export class RefusalLog {
  private current: { beganMs: number; lastMs: number; refused: number } | undefined;

  constructor(private readonly logger: Logger) {}

  /** Notes a refused request, and how many waited then. */
  note(nowMs: number, cause: Cause, waiting: number): void {
    if (!this.current) this.logger.warn({ cause, waiting }, 'The service is overloaded and refuses requests');
    this.current ??= { beganMs: nowMs, lastMs: nowMs, refused: 0 };
    this.current.lastMs = nowMs;
    this.current.refused += 1;
  }

  /** To be called often, with the time. */
  tick(nowMs: number): void {
    if (!this.current || nowMs - this.current.lastMs < CALM_MS) return;
    const { beganMs, lastMs, refused } = this.current;
    this.current = undefined;
    this.logger.warn({ refused, durationMs: Math.round(lastMs - beganMs) }, 'The service is no longer overloaded');
  }
}
