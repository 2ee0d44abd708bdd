import 'reflect-metadata';
import { restore } from '../backup/command/restore.js';
import { entitiesFor } from '../entities.js';

// `npm run restore`: puts a backup into an empty place.
process.exitCode = await restore(process.argv.slice(2), process, entitiesFor);
