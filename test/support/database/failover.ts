import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { startCluster, startStandby, type Cluster } from '../postgres/cluster.js';
import { SwitchingProxy } from '../postgres/switching-proxy.js';
import { queryDirectly } from './direct-sql.js';
import { impatientConfigOf, withPassword } from './engine.js';

/** A PostgreSQL server and a standby that streams from it, behind an address that leads to one of them. */
export interface Failover {
  /** The database at the address. */
  database: DatabaseConfig;
  /** The same on the primary. */
  primary: DatabaseConfig;
  /** The address leads to the standby from now on. The primary goes on. */
  switchToStandby(this: void): void;
  /** The standby receives and keeps what is committed, but does not show it. */
  pauseStandby(this: void): Promise<void>;
  resumeStandby(this: void): Promise<void>;
  /** Waits until the standby shows all that the primary has committed. */
  untilStandbyShowsAll(this: void): Promise<void>;
  stopPrimary(this: void): Promise<void>;
  promoteStandby(this: void): Promise<void>;
  remove(this: void): Promise<void>;
}

/** Synchronous: the primary acknowledges a commit once the standby has it, too. */
export async function prepareFailover(): Promise<Failover> {
  const first = await startCluster({ synchronous_commit: 'on' });
  const clusters: Cluster[] = [first];
  const remove = async () => {
    for (const cluster of clusters.toReversed()) await cluster.remove();
  };
  try {
    const second = await startStandby(first);
    clusters.push(second);
    const at = (port: number) =>
      impatientConfigOf(withPassword(Object.assign(new URL(first.databaseUrl), { port }).href));
    const [primary, standby] = [at(first.port), at(second.port)];
    await queryDirectly(primary, `ALTER SYSTEM SET synchronous_standby_names = 'standby'`);
    await queryDirectly(primary, 'SELECT pg_reload_conf()');
    await untilTrue(primary, `SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'`);
    const proxy = await SwitchingProxy.start(first.port);
    return {
      database: at(proxy.port),
      primary,
      switchToStandby: () => proxy.switchTo(second.port),
      pauseStandby: async () => {
        await ask(standby, 'SELECT pg_wal_replay_pause()');
        await untilTrue(standby, `SELECT pg_get_wal_replay_pause_state() = 'paused'`);
      },
      resumeStandby: async () => void (await ask(standby, 'SELECT pg_wal_replay_resume()')),
      untilStandbyShowsAll: async () => {
        const end = String(await ask(primary, 'SELECT pg_current_wal_flush_lsn()'));
        await untilTrue(standby, `SELECT pg_last_wal_replay_lsn() >= '${end}'`);
      },
      stopPrimary: () => first.stop(),
      promoteStandby: async () => void (await ask(standby, 'SELECT pg_promote(true, 60)')),
      remove: async () => {
        await proxy.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function ask(database: DatabaseConfig, statement: string): Promise<unknown> {
  const [row] = await queryDirectly(database, statement);
  return Object.values(row!)[0];
}

async function untilTrue(database: DatabaseConfig, statement: string): Promise<void> {
  while ((await ask(database, statement)) !== true) await delay(10);
}
