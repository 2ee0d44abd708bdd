import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { readConfig } from './src/config/config.js';
import { readEnvironment } from './src/config/env-file.js';
import { dataSourceOptions } from './src/database/data-source-options.js';
import { entitiesFor } from './src/items/entities.js';

const { database } = readConfig(readEnvironment());

/** The DataSource of the TypeORM CLI: `npm run typeorm -- migration:show`. It reads DATABASE_URL like the service. */
export default new DataSource(dataSourceOptions(database, 'migrator', entitiesFor(database.engine)));
