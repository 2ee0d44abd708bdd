import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { loadEnvFile } from './src/config/env-file.js';
import { readConfig } from './src/config/config.js';
import { dataSourceOptions } from './src/database/data-source-options.js';
import { entitiesFor } from './src/items/entities.js';

loadEnvFile();
const { database } = readConfig(process.env);

/** The DataSource of the TypeORM CLI: `npm run typeorm -- migration:show`. It reads DATABASE_URL like the service. */
export default new DataSource(dataSourceOptions(database, 'writer', entitiesFor(database.engine)));
