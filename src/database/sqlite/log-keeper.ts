import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { OnceAMinute } from '../../telemetry/once-a-minute.js';
import type { DatabaseFault } from '../faults/database-fault.js';
import type { SqliteWriter } from './sqlite-writer.js';

/** Pause before the next try, in milliseconds. A try keeps changes waiting for up to a fortieth of it. */
const RETRY_MS = 2_000;

/** So many tries are at least between two for which reads of this process are kept apart. */
const APART_EVERY = 10;

/** When reads of this process are kept apart while the log is emptied. */
interface Apart {
  /** The number of the next try that may. */
  nextAt: number;
  /** How far the log was written when it did not help. Until it is written further, the same others read. */
  heldAt: number | undefined;
}

/** Why the log could not be emptied. */
interface Reason {
  text: string;
  err?: unknown;
}

/**
 * Empties the write-ahead log of an SQLite file when it has become large. SQLite writes it into the file by itself every 4 MB, but begins it anew
 * only if nobody reads from it just then. Reads of this process are stopped after QUERY_TIMEOUT_MS and kept apart here; those
 * of another process, such as a backup, can't be ended from here, so the log says how large it grows. Nothing is written into a damaged file.
 */
export class LogKeeper {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private readonly once = new OnceAMinute();

  constructor(
    private readonly writer: SqliteWriter,
    private readonly logger: Logger,
    private readonly retryMs = RETRY_MS,
  ) {
    writer.file.onLargeLog = () => this.begin();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private begin(): void {
    if (this.stopping.signal.aborted || this.writer.file.condition.isDamaged) return;
    this.running ??= this.empty().finally(() => (this.running = undefined));
  }

  private async empty(): Promise<void> {
    const { condition } = this.writer.file;
    const apart: Apart = { nextAt: 0, heldAt: undefined };
    let isTold = false;
    for (let tries = 0; ; tries += 1) {
      const reason = await this.tryToEmpty(tries, apart);
      if (!reason) break;
      if (condition.isDamaged) return;
      isTold = this.tell(reason) || isTold;
      await setTimeout(this.retryMs, undefined, { signal: this.stopping.signal, ref: false }).catch(ignoreStop);
      if (this.stopping.signal.aborted) return;
    }
    if (isTold) this.logger.info('The write-ahead log of the database was emptied');
  }

  /** Undefined: it is empty. */
  private async tryToEmpty(tries: number, apart: Apart): Promise<Reason | undefined> {
    const { longReads } = this.writer.file;
    const attempt = () => this.writer.emptyLog();
    try {
      let log = await attempt();
      if (!log.isEmptied && longReads.areUnderWay && tries >= apart.nextAt && log.writtenPages !== apart.heldAt) {
        log = await longReads.without(attempt);
        apart.nextAt = tries + APART_EVERY;
        apart.heldAt = log.writtenPages;
      }
      return log.isEmptied ? undefined : { text: 'somebody has been reading the database for long' };
    } catch (error) {
      return { text: 'it can’t be written into the database file now', err: (error as DatabaseFault).cause };
    }
  }

  private tell({ text, err }: Reason): boolean {
    if (!this.once.may()) return false;
    this.logger.warn(
      { bytes: this.writer.file.logBytes, err },
      `The write-ahead log of the database grows, since ${text}`,
    );
    return true;
  }
}

function ignoreStop(): void {}
