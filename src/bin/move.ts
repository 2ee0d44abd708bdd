import 'reflect-metadata';
import { move } from '../backup/command/move.js';
import { entitiesFor } from '../entities.js';

// `npm run move`: moves everything from SQLite to PostgreSQL.
process.exitCode = await move(process.argv.slice(2), process, entitiesFor);
