import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type { Logger } from 'pino';
import { DatabaseFault } from './database-fault.js';

/** One of the files that an open database consists of. */
interface OpenFile {
  path: string;
  identity: string | undefined;
}

/** The cause of a fault that the log has told already, once for all requests. */
class FileLost extends Error {
  readonly isTold = true;
}

/**
 * Whether the path of an SQLite database still leads to the files that are open. Where one was moved, deleted or replaced,
 * SQLite goes on with what it has open, and whatever it commits there is gone after the next start.
 */
export class SqliteFile {
  private files: OpenFile[] = [];
  private isLost = false;

  constructor(
    private readonly path: string,
    private readonly logger: Logger,
  ) {}

  /** Takes what the path leads to for what is open: right after it was opened and written. */
  async remember(): Promise<void> {
    const paths = await this.paths();
    this.files = paths.map((path) => ({ path, identity: identityOf(path) }));
  }

  /** Before a change. Costs nothing unless the files were lost before. Throws DatabaseFault `unavailable`. */
  async requirePresent(): Promise<void> {
    if (this.isLost) await this.check('unavailable');
  }

  /** After a change was committed. Throws DatabaseFault `outcome-unknown`: it may be gone with the files. */
  confirm(): Promise<void> {
    return this.check('outcome-unknown');
  }

  /** Throws DatabaseFault `unavailable`. */
  requireFiles(): Promise<void> {
    return this.check('unavailable');
  }

  private async check(kind: 'unavailable' | 'outcome-unknown'): Promise<void> {
    const isPresent = areSame(this.files) || (await this.areSameElsewhere());
    if (isPresent === this.isLost) this.tell(isPresent);
    this.isLost = !isPresent;
    if (this.isLost) throw new DatabaseFault(kind, new FileLost('The database file was moved, deleted or replaced'));
  }

  // A folder may have got another name and a link to it: then all files are there, the log under another path.
  private async areSameElsewhere(): Promise<boolean> {
    const paths = await this.paths().catch(() => []);
    if (paths.every((path, at) => path === this.files[at]?.path)) return false;
    const here = this.files.map(({ identity }, at) => ({ path: paths[at] as string, identity }));
    if (!areSame(here)) return false;
    this.files = here;
    return true;
  }

  // SQLite keeps its log and index beside the file that a link leads to.
  private async paths(): Promise<string[]> {
    const real = await realpath(this.path);
    return [this.path, `${real}-wal`, `${real}-shm`];
  }

  private tell(isBack: boolean): void {
    if (isBack) this.logger.info('The database file is back: changes are taken again');
    else {
      this.logger.error(
        { path: this.path },
        'The database file was moved, deleted or replaced while it is open: no change is taken until it is back',
      );
    }
  }
}

function areSame(files: OpenFile[]): boolean {
  return files.every(({ path, identity }) => identity === identityOf(path));
}

/** What tells a file from another that takes its path; undefined if none is there. */
function identityOf(path: string): string | undefined {
  try {
    // Some microseconds, since the system keeps what is in use. In a thread it took a tenth of the throughput of writes.
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
