import type { DataSource } from 'typeorm';
import { waitingForLock } from '../../../database/open-database.js';
import { SqliteConnection } from '../../../database/sqlite/sqlite-connection.js';
import { INDEX_PREFIX, kindOf, type AttributeIndex } from './attribute-index.js';
import type { FoundIndex, IndexSession } from './index-session.js';

const LIST = `SELECT name, sql FROM sqlite_master WHERE tbl_name = 'items' AND name GLOB '${INDEX_PREFIX}*' ORDER BY name`;

/** The attribute in the text of an index, which SQLite keeps. */
const NOTED = /-- (.*)\n/;

/** How many rows of an index are looked at to see how its values are spread (sqlite.org/lang_analyze.html, "Approximate ANALYZE"). */
const ANALYSED_ROWS = 1_000;

/** An index is made in a transaction that keeps all writers out. */
export class SqliteIndexSession implements IndexSession {
  private readonly connection: SqliteConnection;

  /** `source` has connected. `stopping` ends what runs. */
  constructor(
    private readonly source: DataSource,
    private readonly stopping: AbortSignal,
  ) {
    this.connection = new SqliteConnection(source);
  }

  async list(): Promise<FoundIndex[]> {
    const rows = await this.connection.all<{ name: string; sql: string }>(LIST, []);
    return rows.map(({ name, sql }) => ({
      name,
      attribute: NOTED.exec(sql)?.[1] ?? null,
      kind: kindOf(name),
      state: 'valid',
      bytes: null,
    }));
  }

  async make(indexes: AttributeIndex[], told: (index: AttributeIndex, durationMs: number) => void): Promise<void> {
    const before = new Set((await this.list()).map(({ name }) => name));
    const missing = indexes.filter(({ name }) => !before.has(name));
    for (const index of missing) {
      const { name, attribute, expression } = index;
      const startedAt = performance.now();
      await this.execute(`CREATE INDEX IF NOT EXISTS ${name} ON items ( -- ${attribute}\n${expression})`);
      told(index, Math.round(performance.now() - startedAt));
    }
    if (missing.length > 0) await this.execute(`PRAGMA analysis_limit = ${ANALYSED_ROWS}; ANALYZE items`);
  }

  async drop(name: string): Promise<boolean> {
    const exists = (await this.list()).some((index) => index.name === name);
    if (exists) await this.execute(`DROP INDEX IF EXISTS ${name}`);
    return exists;
  }

  async close(): Promise<void> {
    await this.connection.finalize();
    await this.source.destroy();
  }

  private async execute(sql: string): Promise<void> {
    // The process can't end while a statement runs in one of its threads.
    const interrupt = () => this.connection.interrupt();
    this.stopping.addEventListener('abort', interrupt);
    try {
      await waitingForLock(() => this.connection.exec(sql), this.stopping);
    } finally {
      this.stopping.removeEventListener('abort', interrupt);
    }
  }
}
