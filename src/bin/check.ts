import { checkDatabase } from '../database-check/check-database.js';

// `npm run check`: looks for damage in an SQLite file.
process.exitCode = await checkDatabase(process.argv.slice(2), process);
