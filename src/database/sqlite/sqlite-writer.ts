import type { DataSource } from 'typeorm';
import { namingFaults } from '../faults/database-fault.js';
import { SqliteConnection } from './sqlite-connection.js';
import type { SqliteFile } from './sqlite-file.js';

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
    return this.inTurn(() =>
      namingFaults(async () => {
        if (this.isLeftOpen) await this.endWhatIsLeft();
        return work(this.connection);
      }),
    );
  }

  /** The same for work that is not worth waiting for: if another process has the lock now, it fails at once. */
  withoutWaiting<T>(work: Work<T>): Promise<T> {
    return this.waitingAtMost(0, work);
  }

  /** The same for work that may wait for others for some milliseconds. */
  waitingAtMost<T>(ms: number, work: Work<T>): Promise<T> {
    return this.alone(async (connection) => {
      await connection.exec(`PRAGMA busy_timeout = ${ms}`);
      try {
        return await work(connection);
      } finally {
        await connection.exec(`PRAGMA busy_timeout = ${this.timeoutMs}`);
      }
    });
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

  /** Releases what it holds of its connection, before that is closed. */
  finalize(): Promise<void> {
    return this.inTurn(() => this.connection.finalize());
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

// SQLite rolls a transaction back by itself when the disk is full (lang_transaction.html, "Response To Errors").
function ignoreEndedTransaction(error: Error): void {
  if (!error.message.includes('no transaction is active')) throw error;
}

// The next work tries the rollback again before it does anything else.
function ignoreUntilNextWork(): void {}

function toldToItsCaller(): void {}
