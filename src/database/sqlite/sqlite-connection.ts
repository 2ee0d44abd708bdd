import type { Database, Statement } from 'sqlite3';
import type { DataSource } from 'typeorm';

/**
 * How many statements stay prepared. Only a connection that runs one at a time may have more: to finalize one beside another would
 * block the event loop.
 */
const MOST_PREPARED = 100;

/**
 * The connection of a DataSource on SQLite, for statements that run often. Each is prepared once. TypeORM prepares it for
 * every call, which costs a second trip to a thread. Errors are those of sqlite3.
 */
export class SqliteConnection {
  /** The one that was used last is the last one. */
  private readonly statements = new Map<string, Promise<Statement>>();

  /** `source` may connect later. */
  constructor(private readonly source: DataSource) {}

  /** Runs statements that take no parameters. */
  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.database.exec(sql, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** The rows of one statement with parameters. */
  async all<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    const statement = await this.prepared(sql);
    return new Promise((resolve, reject) => {
      statement.all<Row>(parameters, (error: Error | null, rows: Row[]) => {
        if (!error) return resolve(rows);
        // Until it is reset it keeps what it has read from, and then no transaction of this connection waits for a lock.
        statement.reset(() => reject(error));
      });
    });
  }

  /** Interrupts the statement that runs. */
  interrupt(): void {
    this.database.interrupt();
  }

  /** Finalizes all statements: SQLite closes no connection that has any. */
  async finalize(): Promise<void> {
    if (this.statements.size === 0) return;
    // To finalize while a statement runs would block the event loop until that ends.
    await new Promise<void>((resolve) => void this.database.wait(() => resolve()));
    const statements = await Promise.allSettled(this.statements.values());
    this.statements.clear();
    for (const one of statements) if (one.status === 'fulfilled') await finalized(one.value);
  }

  private get database(): Database {
    return (this.source.driver as unknown as { databaseConnection: Database }).databaseConnection;
  }

  private prepared(sql: string): Promise<Statement> {
    const known = this.statements.get(sql);
    if (known) {
      this.statements.delete(sql);
      this.statements.set(sql, known);
      return known;
    }
    const prepared = new Promise<Statement>((resolve, reject) => {
      const statement: Statement = this.database.prepare(sql, (error) => (error ? reject(error) : resolve(statement)));
    });
    this.statements.set(sql, prepared);
    this.forgetOldest();
    // A statement that can't be prepared now may work later.
    prepared.catch(() => this.statements.delete(sql));
    return prepared;
  }

  private forgetOldest(): void {
    const [oldest] = this.statements;
    if (!oldest || this.statements.size <= MOST_PREPARED) return;
    const [sql, statement] = oldest;
    this.statements.delete(sql);
    void statement.then(finalized, () => {});
  }
}

function finalized(statement: Statement): Promise<void> {
  return new Promise((resolve) => void statement.finalize(() => resolve()));
}
