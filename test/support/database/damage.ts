import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { startCluster } from '../postgres/cluster.js';
import { connectDirectly, queryDirectly } from './direct-sql.js';
import { configOf, engine, newDatabase, withPassword } from './engine.js';

/** A database whose files a test can damage. There is no way back. */
export interface DamageableDatabase {
  database: DatabaseConfig;
  /** Overwrites on the disk what some tables have, with their indexes. Who has the database open meets it with the next read. */
  damage(this: void, tables: string[]): Promise<void>;
  remove(this: void): Promise<void>;
}

export async function prepareDamage(): Promise<DamageableDatabase> {
  return engine === 'sqlite' ? damageableFile() : damageableServer();
}

async function damageableFile(): Promise<DamageableDatabase> {
  const { config, drop } = await newDatabase();
  const { path } = config as { path: string };
  const damage = async (tables: string[]) => {
    const other = await connectDirectly(config);
    // A commit, after which nobody uses the pages that he has in memory.
    await other.query('CREATE TABLE damaging (id)');
    await other.query('DROP TABLE damaging');
    const names = tables.map((name) => `'${name}'`).join();
    const roots = await other.query(`SELECT rootpage FROM sqlite_schema WHERE tbl_name IN (${names}) AND rootpage > 0`);
    const [{ page_size: size } = {}] = await other.query('PRAGMA page_size');
    await other.query('PRAGMA wal_checkpoint(TRUNCATE)');
    await other.close();
    for (const { rootpage } of roots) await overwrite(path, (Number(rootpage) - 1) * Number(size), Number(size));
  };
  return { database: config, damage, remove: drop };
}

/** With a server of its own, since that has the pages in memory until it is started again. */
async function damageableServer(): Promise<DamageableDatabase> {
  const cluster = await startCluster();
  const config = configOf(withPassword(cluster.databaseUrl));
  const damage = async (tables: string[]) => {
    const names = tables.map((name) => `'${name}'::regclass`).join();
    const files = await queryDirectly(
      config,
      `SELECT pg_relation_filepath(oid) AS path FROM pg_class WHERE oid IN (${names})
       UNION ALL SELECT pg_relation_filepath(indexrelid) FROM pg_index WHERE indrelid IN (${names})`,
    );
    await cluster.stop();
    for (const { path } of files) {
      const file = join(cluster.dataFolder, String(path));
      await overwrite(file, 0, (await stat(file)).size);
    }
    await cluster.start();
  };
  return { database: config, damage, remove: () => cluster.remove() };
}

async function overwrite(path: string, at: number, bytes: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(bytes, 0xff), 0, bytes, at);
  await file.close();
}
