import { createRequire } from 'node:module';
import pg from 'pg';
import type sqlite from 'sqlite3';
import type { End, Step } from './recording.js';

/** Tables whose rows are the same whenever the same was done, unlike those of the catalogs. */
const TABLES =
  /\b(items|item_versions|item_terms|idempotency_keys|history_trimming|erasures|search_filling|schema_compatibility)\b/;

const CATALOGS = /information_schema|pg_catalog|"pg_|sqlite_master|pragma_/;

type Callback = (error: Error | null, result?: unknown) => void;

/** Listens to all statements that this process sends to databases. */
export class StatementTap {
  readonly statements: string[] = [];
  private steps: (Step | End)[] | undefined;
  private readonly connections = new Map<object, number>();

  constructor() {
    this.tapPostgres();
    this.tapSqlite();
  }

  /** Runs `work`, and gives what was sent meanwhile. */
  async during(work: () => Promise<unknown>): Promise<(Step | End)[]> {
    const steps = (this.steps = [] as (Step | End)[]);
    await work();
    this.steps = undefined;
    return steps;
  }

  private begin(connection: object, text: string, values: unknown[] | undefined, name?: string): Step | undefined {
    if (!this.steps) return undefined;
    if (!this.connections.has(connection)) this.connections.set(connection, this.connections.size);
    if (!this.statements.includes(text)) this.statements.push(text);
    const statement = this.statements.indexOf(text);
    const step = { on: this.connections.get(connection)!, statement, name, values };
    this.steps.push(step);
    return step;
  }

  private end(step: Step | undefined, rows: unknown): void {
    if (!step || !Array.isArray(rows)) return;
    const text = this.statements[step.statement]!.trim();
    if (TABLES.test(text) && !CATALOGS.test(text) && /^(SELECT|WITH)\b/.test(text)) step.rows = rows;
  }

  private tapPostgres(): void {
    const begin = this.begin.bind(this);
    const end = this.end.bind(this);
    const client = pg.Client.prototype as unknown as Record<'query' | 'end', (...sent: unknown[]) => unknown>;
    const { query, end: endConnection } = client;
    const close = (connection: object) => this.steps?.push({ on: this.connections.get(connection)!, isEnd: true });
    client.end = function (this: object, ...sent: unknown[]) {
      close(this);
      return endConnection.apply(this, sent);
    };
    client.query = function (this: object, ...sent: unknown[]) {
      const [first, second] = sent;
      const { text, name, values } = (typeof first === 'string' ? { text: first } : first) as Record<string, unknown>;
      const given = (values ?? (Array.isArray(second) ? second : undefined)) as unknown[] | undefined;
      const step = begin(this, String(text), given, name as string | undefined);
      const note = (result: unknown) => end(step, (result as { rows?: unknown } | undefined)?.rows);
      const callback = sent.at(-1);
      if (typeof callback === 'function') {
        sent[sent.length - 1] = (error: Error | null, result: unknown) => {
          note(result);
          (callback as Callback)(error, result);
        };
        return query.apply(this, sent);
      }
      return (query.apply(this, sent) as Promise<unknown>).then((result) => {
        note(result);
        return result;
      });
    };
  }

  private tapSqlite(): void {
    const begin = this.begin.bind(this);
    const end = this.end.bind(this);
    const { Database } = createRequire(import.meta.url)('sqlite3') as typeof sqlite;
    const file = Database.prototype as unknown as Record<string, (...sent: unknown[]) => unknown>;
    const noting = (step: Step | undefined, sent: unknown[]) => {
      const callback = sent.at(-1);
      if (typeof callback !== 'function') return sent;
      const noted = function (this: unknown, error: Error | null, rows: unknown) {
        end(step, rows);
        Reflect.apply(callback as Callback, this, [error, rows]);
      };
      return [...sent.slice(0, -1), noted];
    };
    for (const name of ['all', 'run', 'get', 'exec']) {
      const method = file[name]!;
      file[name] = function (this: object, ...sent: unknown[]) {
        const step = begin(this, String(sent[0]), valuesIn(sent.slice(1)));
        return method.apply(this, noting(step, sent));
      };
    }
    const prepare = file.prepare!;
    file.prepare = function (this: object, ...sent: unknown[]) {
      const statement = prepare.apply(this, sent) as { all(...sent: unknown[]): unknown };
      const all = statement.all.bind(statement);
      statement.all = (...given: unknown[]) => {
        const step = begin(this, String(sent[0]), valuesIn(given));
        return all(...noting(step, given));
      };
      return statement;
    };
  }
}

function valuesIn(sent: unknown[]): unknown[] | undefined {
  return sent.find((one): one is unknown[] => Array.isArray(one));
}
