import type { Logger } from 'pino';
import { OnceAMinute } from '../../telemetry/once-a-minute.js';
import { DatabaseFault } from '../faults/database-fault.js';

/**
 * What SQLite says when a change can't be written: the file system is read-only or has errors, or the disk is full. A quota that is
 * used up is an I/O error, too.
 */
const UNWRITABLE = /^SQLITE_(READONLY|IOERR|FULL)$/;

/** A cause that is in the log already, for all requests of a minute together. */
class FileDamaged extends Error {
  readonly isTold = true;
}

/** What the service has met while it used an SQLite file. It says in the log when that changes. */
export class FileCondition {
  /** Whether the last change could not be written. */
  isUnwritable = false;
  /** Whether a damaged part of the file was met since it was opened. */
  isDamaged = false;
  private isInUse = false;
  /** Whether the log says that changes can't be written. */
  private isTold = false;
  /** On a full disk one change may find room and the next one none. */
  private readonly once: OnceAMinute;
  private readonly onceOfDamage: OnceAMinute;

  constructor(
    private readonly path: string,
    private readonly logger: Logger,
    now?: () => number,
  ) {
    this.once = new OnceAMinute(now);
    this.onceOfDamage = new OnceAMinute(now);
  }

  /** Begins to note faults: those of a start end it. */
  begin(): void {
    this.isInUse = true;
  }

  /**
   * Before a change. Throws DatabaseFault `damaged`, also for parts that are sound: SQLite has no checksums, and to go on writing may
   * overwrite what could still be saved.
   */
  requireSound(): void {
    if (this.isDamaged) throw new DatabaseFault('damaged', new FileDamaged('The database file is damaged'));
  }

  /** Notes that a change was written. */
  written(): void {
    if (!this.isUnwritable) return;
    this.isUnwritable = false;
    if (this.isTold) this.logger.info('Changes are written to the database file again');
    this.isTold = false;
  }

  /** Notes a fault of any connection, and gives what to throw. */
  readonly met = (fault: DatabaseFault): DatabaseFault => {
    if (fault.kind !== 'damaged' || !this.isInUse || fault.cause instanceof FileDamaged) return fault;
    this.isDamaged = true;
    if (this.onceOfDamage.may()) {
      this.logger.error(
        { path: this.path, err: fault.cause },
        'The database file is damaged: what reads the damaged part, and every change, gets 500 until it is repaired and the service is started again',
      );
    }
    return new DatabaseFault('damaged', new FileDamaged('The database file is damaged', { cause: fault.cause }));
  };

  /** The same for a fault of a change. */
  failed(fault: DatabaseFault): DatabaseFault {
    if (this.isInUse && UNWRITABLE.test(codeOf(fault.cause))) this.noteUnwritable(fault);
    return this.met(fault);
  }

  // If it may not be said yet, the next fault says it.
  private noteUnwritable({ cause }: DatabaseFault): void {
    this.isUnwritable = true;
    if (this.isTold || !this.once.may()) return;
    this.isTold = true;
    this.logger.error({ path: this.path, err: cause }, 'Changes can’t be written to the database file now');
  }
}

// Not instanceof: the driver makes errors of another realm when tests run in a sandbox.
function codeOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
}
