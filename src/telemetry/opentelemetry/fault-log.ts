import type { Logger } from 'pino';

/** The shortest time between two lines, in milliseconds. */
const BETWEEN_LINES_MS = 60_000;

/** Logs what goes wrong with traces: the first fault at once, then a line a minute at most, which says how many there were. */
export class FaultLog {
  private toldAtMs = -Infinity;
  private faults = 0;

  constructor(
    private readonly logger: Logger,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Notes a fault: an error, or a text. */
  note(fault: unknown): void {
    this.faults += 1;
    if (this.nowMs() - this.toldAtMs < BETWEEN_LINES_MS) return;
    const what = fault instanceof Error ? { err: fault } : { fault: String(fault).slice(0, 300) };
    this.logger.warn({ ...what, faults: this.faults }, 'Traces could not be sent as they should');
    this.toldAtMs = this.nowMs();
    this.faults = 0;
  }
}
