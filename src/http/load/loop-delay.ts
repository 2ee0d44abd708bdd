import { Histogram, SECONDS } from '../../counting/histogram.js';

/** How often the loop is checked, in milliseconds. */
export const TICK_MS = 50;

/** The loop is slow if so many checks in a row came too late. One may come late by a single long task, or a full collection. */
const MOST_LATE_TICKS = 3;

/** So many requests are let in in every turn of a slow loop, so that a caller who is alone is never refused. */
const ALWAYS_IN_A_TURN = 16;

/**
 * Judges whether the event loop has so much to do that requests wait too long until they are read. That is known only of
 * past turns: so a slow loop lets a few requests in in each turn, and one check in time lets in all again.
 */
export class LoopDelay {
  private lastTickMs: number | undefined;
  private lateTicks = 0;
  private begunInTurn = 0;
  /** By how much all checks were late. */
  readonly seconds = new Histogram(SECONDS);
  /** By how much the latest check was late, in milliseconds. */
  delayMs = 0;

  constructor(private readonly limitMs: number) {}

  /** To be called every TICK_MS, with the time of a clock that is never set. */
  tick(nowMs: number): void {
    const dueMs = (this.lastTickMs ?? nowMs - TICK_MS) + TICK_MS;
    this.lastTickMs = nowMs;
    this.delayMs = nowMs - dueMs;
    this.seconds.observe(Math.max(0, this.delayMs) / 1_000);
    this.lateTicks = this.delayMs > this.limitMs ? this.lateTicks + 1 : 0;
  }

  get isSlow(): boolean {
    return this.lateTicks >= MOST_LATE_TICKS;
  }

  /** Whether a request that was read in this turn of the loop is one too many. */
  refusesOneMore(): boolean {
    if (!this.isSlow) return false;
    if (this.begunInTurn === 0) setImmediate(() => (this.begunInTurn = 0));
    this.begunInTurn += 1;
    return this.begunInTurn > ALWAYS_IN_A_TURN;
  }
}
