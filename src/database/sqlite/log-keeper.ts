import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { SqliteWriter } from './sqlite-writer.js';

/** Pause before the next try, in milliseconds. A try keeps changes waiting for up to a fortieth of it. */
const RETRY_MS = 2_000;

/** Reads of this process are kept apart at the first try, and then at every so many. It does not help against others. */
const APART_EVERY = 10;

/** How often the log says that the write-ahead log grows, at most, in milliseconds. */
const TOLD_EVERY_MS = 60_000;

/**
 * Empties the write-ahead log of an SQLite file when it has become large. SQLite writes it into the file by itself every 4 MB, but begins it anew
 * only if nobody reads from it just then. Reads of this process are stopped after QUERY_TIMEOUT_MS and kept apart here; those
 * of another process, such as a backup, can't be ended from here, so the log says how large it grows.
 */
export class LogKeeper {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private toldAt = -Infinity;

  constructor(
    private readonly writer: SqliteWriter,
    private readonly logger: Logger,
    private readonly now = () => performance.now(),
  ) {
    writer.file.onLargeLog = () => this.begin();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private begin(): void {
    if (this.stopping.signal.aborted) return;
    this.running ??= this.empty().finally(() => (this.running = undefined));
  }

  private async empty(): Promise<void> {
    let isTold = false;
    for (let tries = 0; ; tries += 1) {
      const outcome = await this.tryToEmpty(tries % APART_EVERY === 0);
      if (outcome === 'emptied') break;
      if (outcome === 'read') isTold = this.tell() || isTold;
      await setTimeout(RETRY_MS, undefined, { signal: this.stopping.signal, ref: false }).catch(ignoreStop);
      if (this.stopping.signal.aborted) return;
    }
    if (isTold) this.logger.info('The write-ahead log of the database was emptied');
  }

  private async tryToEmpty(isApart: boolean): Promise<'emptied' | 'read' | 'failed'> {
    const { file } = this.writer;
    const attempt = () => this.writer.emptyLog();
    try {
      const isEmptied = (await attempt()) || (isApart && (await file.longReads.without(attempt)));
      return isEmptied ? 'emptied' : 'read';
    } catch {
      // A full disk or the like, of which changes tell.
      return 'failed';
    }
  }

  private tell(): boolean {
    if (this.now() - this.toldAt < TOLD_EVERY_MS) return false;
    this.toldAt = this.now();
    const bytes = this.writer.file.logBytes;
    this.logger.warn(
      { bytes },
      'The write-ahead log of the database grows, since somebody has been reading the database for long',
    );
    return true;
  }
}

function ignoreStop(): void {}
