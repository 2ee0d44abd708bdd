import 'reflect-metadata';
import { manageIndexes } from '../items/indexes-command/manage-indexes.js';

// `npm run indexes`: lists and drops the indexes on attributes.
process.exitCode = await manageIndexes(process.argv.slice(2), process);
