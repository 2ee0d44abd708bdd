import 'reflect-metadata';
import { manageKeys } from '../access/keys/command/manage-keys.js';
import { entitiesFor } from '../entities.js';

// `npm run keys`: makes, lists, rotates and revokes API keys.
process.exitCode = await manageKeys(process.argv.slice(2), process, entitiesFor);
