import type { DataSource } from 'typeorm';
import { namingFaults, type DatabaseFault } from '../faults/database-fault.js';
import { SqliteConnection } from './sqlite-connection.js';
import type { SqliteFile } from './sqlite-file.js';

/** How long emptying the log may wait for readers, in milliseconds. Writes wait as long. */
const LOG_WAIT_MS = 50;

/** What came of emptying the log. `writtenPages`: how far the log is in the file. It stands still while others read from what is behind it. */
export interface LogOutcome {
  isEmptied: boolean;
  writtenPages: number;
}

/** What runs on the connection. */
type Work<T> = (connection: SqliteConnection) => Promise<T>;

/**
 * The one connection that writes to an SQLite file. A statement joins the transaction that is open on its connection, so one
 * piece of work runs after another. Throws DatabaseFault.
 */
export class SqliteWriter {
  private readonly connection: SqliteConnection;
  /** Settles when the work is done that was given last. */
  private last: Promise<unknown> = Promise.resolve();
  /** Whether a transaction that should have been rolled back may still be open. */
  private isLeftOpen = false;

  /** `source` may connect later. `timeoutMs`: how long a statement waits for the lock of another process. */
  constructor(
    source: DataSource,
    readonly file: SqliteFile,
    private readonly timeoutMs: number,
  ) {
    this.connection = new SqliteConnection(source);
  }

  /** Runs work that has no transaction of its own. */
  alone<T>(work: Work<T>): Promise<T> {
    return this.noting(work, (fault) => this.file.condition.failed(fault));
  }

  /** Whether changes can be written. Costs nothing unless the last one could not be: then it tries, but not on a damaged file. */
  async isWritable(): Promise<boolean> {
    const { condition } = this.file;
    if (condition.isDamaged) return false;
    if (!condition.isUnwritable) return true;
    await this.withoutWaiting(writeNothingNew).then(() => condition.written(), toldToItsCaller);
    return !condition.isUnwritable;
  }

  /** The same for work that is not worth waiting for: if another process has the lock now, it fails at once. */
  withoutWaiting<T>(work: Work<T>): Promise<T> {
    return this.waitingAtMost(0, work);
  }

  /** The same for work that may wait for others for some milliseconds. */
  waitingAtMost<T>(ms: number, work: Work<T>): Promise<T> {
    return this.alone((connection) => this.waitingOn(connection, ms, work));
  }

  /** Runs work in a transaction, which is committed if it succeeds, else rolled back. */
  inTransaction<T>(work: Work<T>): Promise<T> {
    return this.alone(async (connection) => {
      // IMMEDIATE takes the lock at once: a transaction that reads before it writes would fail without waiting.
      await connection.exec('BEGIN IMMEDIATE');
      try {
        const result = await work(connection);
        await connection.exec('COMMIT');
        return result;
      } catch (error) {
        this.isLeftOpen = true;
        await this.endWhatIsLeft().catch(ignoreUntilNextWork);
        throw error;
      }
    });
  }

  /**
   * Writes the write-ahead log into the file and empties it, if nobody reads or writes for long now; else try again. A fault says nothing
   * about changes: they only need the log.
   */
  emptyLog(): Promise<LogOutcome> {
    const empty: Work<LogOutcome> = async (connection) => {
      this.file.condition.requireSound();
      // `busy` is 1 if others read or write now (sqlite.org/pragma.html#pragma_wal_checkpoint).
      const [log] = await connection.all<{ busy: number; checkpointed: number }>('PRAGMA wal_checkpoint(TRUNCATE)', []);
      return { isEmptied: log!.busy === 0, writtenPages: log!.checkpointed };
    };
    return this.noting((connection) => this.waitingOn(connection, LOG_WAIT_MS, empty), this.file.condition.met);
  }

  /** Releases what it holds of its connection, before that is closed. */
  finalize(): Promise<void> {
    return this.inTurn(() => this.connection.finalize());
  }

  private noting<T>(work: Work<T>, note: (fault: DatabaseFault) => DatabaseFault): Promise<T> {
    return this.inTurn(() =>
      namingFaults(async () => {
        if (this.isLeftOpen) await this.endWhatIsLeft();
        return work(this.connection);
      }).catch((fault: DatabaseFault) => {
        throw note(fault);
      }),
    );
  }

  private async waitingOn<T>(connection: SqliteConnection, ms: number, work: Work<T>): Promise<T> {
    await connection.exec(`PRAGMA busy_timeout = ${ms}`);
    try {
      return await work(connection);
    } finally {
      await connection.exec(`PRAGMA busy_timeout = ${this.timeoutMs}`);
    }
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const done = this.last.then(run);
    this.last = done.catch(toldToItsCaller);
    return done;
  }

  private async endWhatIsLeft(): Promise<void> {
    await this.connection.exec('ROLLBACK').catch(ignoreEndedTransaction);
    this.isLeftOpen = false;
  }
}

// A number of the file that SQLite keeps for applications and the service doesn't use (sqlite.org/pragma.html#pragma_user_version).
async function writeNothingNew(connection: SqliteConnection): Promise<void> {
  const [row] = await connection.all<{ user_version: number }>('PRAGMA user_version', []);
  await connection.exec(`PRAGMA user_version = ${row!.user_version}`);
}

// SQLite rolls a transaction back by itself when the disk is full (lang_transaction.html, "Response To Errors").
function ignoreEndedTransaction(error: Error): void {
  if (!error.message.includes('no transaction is active')) throw error;
}

// The next work tries the rollback again before it does anything else.
function ignoreUntilNextWork(): void {}

function toldToItsCaller(): void {}
