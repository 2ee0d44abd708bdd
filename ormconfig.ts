import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { loadConfigOfTool } from './src/config/load-config.js';
import { dataSourceOptions } from './src/database/data-source-options.js';
import { entitiesFor } from './src/entities.js';

const { database } = loadConfigOfTool().config;

/** The DataSource of the TypeORM CLI: `npm run typeorm -- migration:show`. It reads DATABASE_URL like the service. */
export default new DataSource(dataSourceOptions(database, 'migrator', entitiesFor(database.engine)));
