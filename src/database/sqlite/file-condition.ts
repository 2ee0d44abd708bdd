import type { Logger } from 'pino';
import type { DatabaseFault } from '../faults/database-fault.js';

/**
 * What SQLite says when a change can't be written: the file system is read-only or has errors, or the disk is full. A quota that is
 * used up is an I/O error, too.
 */
const UNWRITABLE = /^SQLITE_(READONLY|IOERR|FULL)$/;

/** How often the same is said in the log at most, in milliseconds. On a full disk one change may find room and the next one none. */
const TOLD_EVERY_MS = 60_000;

/** What the service has met while it used an SQLite file. It says in the log when that changes. */
export class FileCondition {
  /** Whether the last change could not be written. */
  isUnwritable = false;
  private isInUse = false;
  private isTold = false;
  private toldAt = -Infinity;

  constructor(
    private readonly path: string,
    private readonly logger: Logger,
    private readonly now = () => performance.now(),
  ) {}

  /** Begins to note faults: those of a start end it. */
  begin(): void {
    this.isInUse = true;
  }

  /** Notes that a change was written. */
  written(): void {
    if (!this.isUnwritable) return;
    this.isUnwritable = false;
    if (this.isTold) this.logger.info('Changes are written to the database file again');
    this.isTold = false;
  }

  /** Notes a fault of the connection that writes. */
  failed({ cause }: DatabaseFault): void {
    if (!this.isInUse || this.isUnwritable || !UNWRITABLE.test(codeOf(cause))) return;
    this.isUnwritable = true;
    if (this.now() - this.toldAt < TOLD_EVERY_MS) return;
    this.toldAt = this.now();
    this.isTold = true;
    this.logger.error({ path: this.path, err: cause }, 'Changes can’t be written to the database file now');
  }
}

// Not instanceof: the driver makes errors of another realm when tests run in a sandbox.
function codeOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
}
