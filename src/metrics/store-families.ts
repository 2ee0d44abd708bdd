import type { Pool } from 'pg';
import type { GroupCounts } from '../counting/group-counts.js';
import { single, type Family } from './family.js';

/** How large the files are that SQLite writes, and what the disk has, in bytes. Undefined if it can't be known. */
export interface FileSizes {
  database?: number | undefined;
  log?: number | undefined;
  free?: number | undefined;
}

/** Groups of calls that the store makes together: `sizes` of those that have more than one call, `waits` of all. */
export function groupFamilies(groups: Record<'reads' | 'writes' | 'lists' | 'changes', GroupCounts>): Family[] {
  const { reads, writes } = groups;
  return [
    {
      type: 'histogram',
      name: 'items_store_group_size',
      help: 'Single items read, or changes written, by one statement',
      read: () => Object.entries({ reads, writes }).map(([group, { sizes }]) => [{ group }, sizes]),
    },
    {
      type: 'histogram',
      name: 'items_store_group_wait_seconds',
      help: 'How long the first call of a group waited until it began',
      read: () => Object.entries(groups).map(([group, { waits }]) => [{ group }, waits]),
    },
  ];
}

/** The pools of connections to PostgreSQL, by OpenTelemetry's names. None on SQLite, and none before they are connected. */
export function poolFamilies(pools: () => [name: string, pool: Pool][]): Family[] {
  const byPool = (read: (pool: Pool) => number): (() => [Record<string, string>, number][]) => {
    return () => pools().map(([name, pool]) => [{ db_client_connection_pool_name: name }, read(pool)]);
  };
  return [
    {
      type: 'gauge',
      name: 'db_client_connection_count',
      help: 'Connections to PostgreSQL, by pool and state',
      read: () => pools().flatMap(([name, pool]) => connectionsOf(name, pool)),
    },
    {
      type: 'gauge',
      name: 'db_client_connection_max',
      help: 'The most connections of a pool',
      read: byPool(({ options }) => options.max),
    },
    {
      type: 'gauge',
      name: 'db_client_connection_pending_requests',
      help: 'Statements that wait for a connection of the pool',
      read: byPool(({ waitingCount }) => waitingCount),
    },
  ];
}

function connectionsOf(name: string, { totalCount, idleCount }: Pool): [Record<string, string>, number][] {
  const states = { idle: idleCount, used: totalCount - idleCount };
  return Object.entries(states).map(([state, count]) => [
    { db_client_connection_pool_name: name, db_client_connection_state: state },
    count,
  ]);
}

/** The files of SQLite. */
export function fileFamilies(sizes: () => FileSizes): Family[] {
  return [
    single('gauge', 'items_sqlite_database_bytes', 'Size of the SQLite file', () => sizes().database),
    single('gauge', 'items_sqlite_wal_bytes', 'Size of its write-ahead log', () => sizes().log),
    single('gauge', 'items_sqlite_disk_free_bytes', 'What is free on its disk', () => sizes().free),
  ];
}
