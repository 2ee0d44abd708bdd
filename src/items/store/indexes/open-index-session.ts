import { access, constants } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../../../config/config.js';
import { dataSourceOptions } from '../../../database/data-source-options.js';
import { OVERWRITE_DELETED } from '../../../database/sqlite/sqlite-settings.js';
import type { IndexSession } from './index-session.js';
import { PostgresIndexSession } from './postgres-index-session.js';
import { SqliteIndexSession } from './sqlite-index-session.js';

/** Connects to a database that is there. `stopping` ends what runs. Error: that of the driver or of the file system. */
export async function openIndexSession(config: DatabaseConfig, stopping: AbortSignal): Promise<IndexSession> {
  // TypeORM makes the folders of a file that is not there, and tries for ever where that fails.
  if (config.engine === 'sqlite') await access(config.path, constants.W_OK);
  const source = await new DataSource(dataSourceOptions(config, 'indexer', [])).initialize();
  if (config.engine === 'postgres') return new PostgresIndexSession(source, stopping);
  try {
    // An index holds values of attributes.
    await source.query(OVERWRITE_DELETED);
    return new SqliteIndexSession(source, stopping);
  } catch (error) {
    await source.destroy();
    throw error;
  }
}
