import type { OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import type { DatabaseConfig } from '../config/config.js';
import type { GroupCounts } from '../counting/group-counts.js';
import { DatabaseFault } from './faults/database-fault.js';
import type { GroupTraces } from '../telemetry/tracing.js';
import { Gatherer } from './gatherer.js';
import { LargeResults } from './large-results.js';
import type { SqliteFile } from './sqlite/sqlite-file.js';
import { TimedConnections, type Query, type Role } from './timed-connections.js';

/**
 * How many queries run at once. Each takes one of Node's four threads on SQLite, where the writer and the reader of single
 * items need two.
 */
export const QUERIES_AT_ONCE = { sqlite: 2, postgres: 4 };

/** Injection token of the {@link TimedQueries} for pages of changes. */
export const FEED_PAGES = Symbol('FeedPages');

/** Injection token of the {@link TimedQueries} of the one reader for all who follow the changes. */
export const FEED_HEAD = Symbol('FeedHead');

/** The most queries that are carried out together. */
const MOST_TOGETHER = 100;

/** A query that waits. */
interface Asked extends Query {
  /** Those of one kind are carried out together. */
  kind: unknown;
  /** What this one wants of the statement, as JSON; undefined if all who ask want the same. */
  element: string | undefined;
  /** In milliseconds of the process. */
  cameAt: number;
  /** Set if it was carried out with others that want something else: what those of its group asked for again, by element. */
  again?: Map<string | undefined, Promise<unknown>>;
}

/**
 * Reads that may take long. They have connections of their own, so that reads of single items and changes never wait for them, and the
 * database stops those that take longer than QUERY_TIMEOUT_MS. It connects with the first one.
 */
export class TimedQueries implements OnApplicationShutdown {
  private readonly gatherer: Gatherer<Asked, unknown>;
  /** How many queries were given up, since others kept them waiting. */
  crowded = 0;
  private readonly connections: TimedConnections;
  private readonly large = new LargeResults();

  constructor(
    private readonly config: DatabaseConfig,
    /** Only on SQLite. */
    file: SqliteFile | undefined,
    role: Role = 'lists',
    traces?: GroupTraces,
  ) {
    const atOnce = role === 'feed' ? 1 : QUERIES_AT_ONCE[config.engine];
    this.connections = new TimedConnections(config, file, role, atOnce);
    this.gatherer = new Gatherer(
      { run: (asked) => this.run(asked), kindOf: ({ kind }) => kind, traces },
      { maxCalls: MOST_TOGETHER, maxBytes: Infinity, maxGroupsInFlight: atOnce },
    );
  }

  /**
   * The rows of a query, which must not be changed: callers that wait for the same one share them. It begins after they came, so they see
   * every change that was answered before. Throws DatabaseFault: `too-slow` if it was stopped, `crowded` if others kept it waiting for as long.
   */
  rows<Row>(text: string, values: unknown[]): Promise<Row[]> {
    return this.large.handOut(this.ask({ ...askedNow(text, values), element: undefined })) as Promise<Row[]>;
  }

  /**
   * The row for one element of a query whose first parameter is a JSON array, and which gives a row for each of its elements, with the
   * element's place from 0 as `at`. Callers that wait with the same text and other values share a query, as those of {@link rows} do. If it is
   * stopped, each element is asked for alone, so that nobody fails because of others. Throws DatabaseFault, as above.
   */
  rowFor<Row>(text: string, element: unknown, values: unknown[]): Promise<Row> {
    const asked = { ...askedNow(text, values), element: JSON.stringify(element) };
    return this.large.handOut(this.askTwice(asked)) as Promise<Row>;
  }

  get counts(): GroupCounts {
    return this.gatherer.counts;
  }

  /** Its connections, once it is connected to PostgreSQL. */
  get pool(): Pool | undefined {
    return this.connections.pool;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connections.end();
  }

  private async ask(asked: Asked): Promise<unknown> {
    const outcome = await this.gatherer.call(asked);
    if (outcome instanceof DatabaseFault) throw outcome;
    return outcome;
  }

  private async askTwice(asked: Asked): Promise<unknown> {
    try {
      return await this.ask(asked);
    } catch (error) {
      const { again, element } = asked;
      if (!again || !(error instanceof DatabaseFault && error.kind === 'too-slow')) throw error;
      const alone =
        again.get(element) ?? this.ask({ ...asked, kind: asked, cameAt: performance.now(), again: undefined });
      again.set(element, alone);
      return await alone;
    }
  }

  /** The outcomes in the order of those who asked: what they asked for, or the fault of one that has waited too long. */
  private async run(asked: Asked[]): Promise<unknown[]> {
    const now = performance.now();
    const isLate = ({ cameAt }: Asked) => now - cameAt > this.config.queryTimeoutMs;
    const inTime = asked.filter((one) => !isLate(one));
    this.crowded += asked.length - inTime.length;
    const outcomeOf = inTime.length === 0 ? undefined : await this.outcomes(inTime);
    return asked.map((one) => (isLate(one) ? keptWaiting(now - one.cameAt) : outcomeOf!(one)));
  }

  /** Carries out queries of one kind. */
  private async outcomes(asked: Asked[]): Promise<(one: Asked) => unknown> {
    const [{ text, values, element }] = asked as [Asked];
    if (element === undefined) {
      const rows = await this.connections.rows({ text, values });
      return () => rows;
    }
    const elements = [...new Set(asked.map((one) => one.element))];
    const again: Asked['again'] = elements.length > 1 ? new Map() : undefined;
    for (const one of asked) one.again = again;
    const rows = await this.connections.rows({ text, values: [`[${elements.join(',')}]`, ...values] });
    const byElement = new Map(rows.map((row) => [elements[(row as { at: number }).at], row]));
    return (one) => byElement.get(one.element);
  }
}

function askedNow(text: string, values: unknown[]): Omit<Asked, 'element'> {
  const kind = `${text}\n${JSON.stringify(values)}`;
  return { kind, text, values, cameAt: performance.now() };
}

function keptWaiting(waitedMs: number): DatabaseFault {
  return new DatabaseFault('crowded', new Error(`it waited ${Math.round(waitedMs)} ms for other queries`));
}
