import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type { Logger } from 'pino';
import { DatabaseFault } from '../faults/database-fault.js';
import { FileCondition } from './file-condition.js';
import { LongReads } from './long-reads.js';
import { LOG_LIMIT_BYTES } from './sqlite-settings.js';

/** One of the files of an open database. */
interface OpenFile {
  path: string;
  identity: string | undefined;
}

/** A cause that is already in the log, once for all requests. */
class FileLost extends Error {
  readonly isTold = true;
}

/**
 * Checks that the path of an SQLite database still names the files that are open. If one was moved, deleted or replaced,
 * SQLite goes on with the open file, and what it commits there is gone after the next start.
 */
export class SqliteFile {
  readonly condition: FileCondition;
  readonly longReads = new LongReads();
  /** Size of the write-ahead log when it was looked at last: after each change, and when readiness is asked for. */
  logBytes = 0;
  /** From this size on the log is large. */
  largeLogBytes = LOG_LIMIT_BYTES;
  /** Called whenever the log is found to be large. */
  onLargeLog: (() => void) | undefined;
  private files: OpenFile[] = [];
  private isLost = false;

  constructor(
    readonly path: string,
    private readonly logger: Logger,
  ) {
    this.condition = new FileCondition(path, logger);
  }

  /** Notes which files are open. To be called right after the database was opened and written. */
  async remember(): Promise<void> {
    const paths = await this.paths();
    this.files = paths.map((path) => ({ path, identity: this.look(path) }));
    this.condition.begin();
  }

  /** Before a change. Costs nothing unless the files were lost before. Throws DatabaseFault `unavailable` or `damaged`. */
  async requirePresent(): Promise<void> {
    this.condition.requireSound();
    if (this.isLost) await this.check('unavailable');
  }

  /** After a change was committed. Throws DatabaseFault `outcome-unknown`: it may be gone with the files. */
  async confirm(): Promise<void> {
    await this.check('outcome-unknown');
    this.condition.written();
  }

  /** Throws DatabaseFault `unavailable`. */
  requireFiles(): Promise<void> {
    return this.check('unavailable');
  }

  /** How many bytes the database and its write-ahead log have; undefined for one that can't be looked at. */
  async sizes(): Promise<{ database: number | undefined; log: number | undefined }> {
    const [database, log] = (await this.paths().catch(() => [])).map((path) => identityAndSizeOf(path)?.bytes);
    return { database, log };
  }

  private async check(kind: 'unavailable' | 'outcome-unknown'): Promise<void> {
    const isPresent = this.areSame(this.files) || (await this.areSameElsewhere());
    if (isPresent === this.isLost) this.tell(isPresent);
    this.isLost = !isPresent;
    if (this.isLost) throw new DatabaseFault(kind, new FileLost('The database file was moved, deleted or replaced'));
    if (this.logBytes > this.largeLogBytes) this.onLargeLog?.();
  }

  private areSame(files: OpenFile[]): boolean {
    return files.every(({ path, identity }) => identity === this.look(path));
  }

  // It is looked at anyway, so its size costs nothing.
  private look(path: string): string | undefined {
    const found = identityAndSizeOf(path);
    if (found && path.endsWith('-wal')) this.logBytes = found.bytes;
    return found?.identity;
  }

  // The folder may have been renamed, with a link left in its place: then all files exist, the log under another path.
  private async areSameElsewhere(): Promise<boolean> {
    const paths = await this.paths().catch(() => []);
    if (paths.every((path, at) => path === this.files[at]?.path)) return false;
    const here = this.files.map(({ identity }, at) => ({ path: paths[at] as string, identity }));
    if (!this.areSame(here)) return false;
    this.files = here;
    return true;
  }

  // SQLite keeps its log and index beside the target of a link.
  private async paths(): Promise<string[]> {
    const real = await realpath(this.path);
    return [this.path, `${real}-wal`, `${real}-shm`];
  }

  private tell(isBack: boolean): void {
    if (isBack) this.logger.info('The database file is back: changes are accepted again');
    else {
      this.logger.error(
        { path: this.path },
        'The database file was moved, deleted or replaced while it is open: changes get 503 until it is back',
      );
    }
  }
}

/** What tells a file from another one at its path, and its size. Undefined if there is none. */
function identityAndSizeOf(path: string): { identity: string; bytes: number } | undefined {
  try {
    // Takes microseconds, since the system caches what is in use. In a thread it cost a tenth of the throughput of writes.
    const { dev, ino, size } = statSync(path, { bigint: true });
    return { identity: `${dev}:${ino}`, bytes: Number(size) };
  } catch {
    return undefined;
  }
}
