import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import pg from 'pg';
import type sqlite from 'sqlite3';
import type { DatabaseConfig } from '../../../src/config/config.js';
import type { End, Recording, Step } from './recording.js';

/** A step whose rows are not those of the recording. */
export interface Departure {
  statement: string;
  recorded: unknown[];
  rows: unknown;
}

interface Connection {
  run(statement: Pick<Step, 'name' | 'values'> & { text: string }): Promise<unknown[]>;
  close(): Promise<unknown>;
}

/** A build of the past, as its recording has it: says again what it said, over connections that stay open. */
export class Replay {
  private readonly connections = new Map<number, Connection>();

  constructor(
    private readonly recording: Recording,
    private readonly database: DatabaseConfig,
  ) {}

  /** Carries out steps, and says where other rows came than were recorded. Error: that of the driver. */
  async play(steps: (Step | End)[]): Promise<Departure[]> {
    const departures: Departure[] = [];
    for (const step of steps) {
      if (step.isEnd) {
        await this.connections.get(step.on)?.close();
        this.connections.delete(step.on);
      } else {
        departures.push(...(await this.carryOut(step)));
      }
    }
    return departures;
  }

  private async carryOut({ on, rows: recorded, ...step }: Step): Promise<Departure[]> {
    const connection = this.connections.get(on) ?? (await this.connect());
    this.connections.set(on, connection);
    const statement = this.recording.statements[step.statement]!;
    // Several statements at once have no rows of their own.
    const rows: unknown = JSON.parse(JSON.stringify((await connection.run({ ...step, text: statement })) ?? []));
    return recorded && JSON.stringify(rows) !== JSON.stringify(recorded) ? [{ statement, recorded, rows }] : [];
  }

  /** The rows of the one statement of the recording that matches, with other values. */
  async ask(pattern: RegExp, values: unknown[]): Promise<unknown[]> {
    const found = this.recording.statements.filter((text) => pattern.test(text));
    if (found.length !== 1) throw new Error(`${found.length} statements match ${pattern}`);
    const connection = await this.connect();
    try {
      return await connection.run({ text: found[0]!, values });
    } finally {
      await connection.close();
    }
  }

  async close(): Promise<void> {
    for (const connection of this.connections.values()) await connection.close();
    this.connections.clear();
  }

  private connect(): Promise<Connection> {
    return this.database.engine === 'sqlite' ? connectToFile(this.database.path) : connectToServer(this.database.url);
  }
}

async function connectToFile(path: string): Promise<Connection> {
  const sqlite3 = createRequire(import.meta.url)('sqlite3') as typeof sqlite;
  const file = await new Promise<sqlite.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(path, (error) => (error ? reject(error) : resolve(opened)));
  });
  const all = promisify(
    file.all.bind(file) as (
      text: string,
      values: unknown[],
      done: (error: Error | null, rows: unknown[]) => void,
    ) => void,
  );
  const exec = promisify(file.exec.bind(file) as (text: string, done: (error: Error | null) => void) => void);
  return {
    // Only exec() takes several statements.
    run: async ({ text, values }) =>
      values ? all(text, values) : /^CREATE TEMP/m.test(text) ? (await exec(text), []) : all(text, []),
    close: promisify(file.close.bind(file)),
  };
}

async function connectToServer(url: string): Promise<Connection> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return {
    run: async ({ text, name, values }) => (await client.query<object>({ text, name, values })).rows,
    close: () => client.end(),
  };
}
