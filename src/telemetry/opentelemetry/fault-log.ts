import type { Logger } from 'pino';
import { OnceAMinute } from '../once-a-minute.js';

/** Logs what goes wrong with traces: the first fault at once, then a line a minute at most, which says how many there were. */
export class FaultLog {
  private readonly once: OnceAMinute;
  private faults = 0;

  constructor(
    private readonly logger: Logger,
    nowMs?: () => number,
  ) {
    this.once = new OnceAMinute(nowMs);
  }

  /** Notes a fault: an error, or a text. */
  note(fault: unknown): void {
    this.faults += 1;
    if (!this.once.may()) return;
    const what = fault instanceof Error ? { err: fault } : { fault: String(fault).slice(0, 300) };
    this.logger.warn({ ...what, faults: this.faults }, 'OpenTelemetry does not work as it should');
    this.faults = 0;
  }
}
