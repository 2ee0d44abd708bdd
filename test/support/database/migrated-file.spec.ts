import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { readConfig } from '../../../src/config/read-config.js';
import { dataSourceOptions } from '../../../src/database/data-source-options.js';
import { openDatabase } from '../../../src/database/open-database.js';
import { queryDirectly } from './direct-sql.js';
import { layTables } from './migrated-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'items-migrated-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fileAt = (name: string) => readConfig({ DATABASE_URL: `sqlite:${join(folder, name)}` }).database;

/** Opens a file as the service does, and says what that did to it. */
async function opened(database: DatabaseConfig) {
  const [writer, reader] = (['writer', 'reader'] as const).map(
    (side) => new DataSource(dataSourceOptions(database, side, [])),
  ) as [DataSource, DataSource];
  const { migrated } = await openDatabase(database, writer, reader, new AbortController().signal);
  await writer.destroy();
  await reader.destroy();
  return migrated;
}

it('a copied file has the tables that the service makes in a new one, and each copy is of its own', async () => {
  const [one, other, made] = [fileAt('one'), fileAt('other'), fileAt('made')];
  await layTables(one);
  await queryDirectly(one, 'DROP TABLE items');
  await layTables(other);
  expect(await opened(made)).not.toEqual([]);
  expect(await opened(other)).toEqual([]);
  for (const query of [
    'SELECT * FROM sqlite_master ORDER BY name',
    'SELECT name FROM migrations',
    'PRAGMA journal_mode',
  ]) {
    expect(await queryDirectly(other, query)).toEqual(await queryDirectly(made, query));
  }
});
