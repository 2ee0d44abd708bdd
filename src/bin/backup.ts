import 'reflect-metadata';
import { setPriority } from 'node:os';
import { backUp } from '../backup/command/back-up.js';
import { entitiesFor } from '../entities.js';

// `npm run backup`: writes a backup while the service runs, behind which it steps back. Its threads begin later, and inherit that.
setPriority(10);
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stopping.abort());
process.exitCode = await backUp(process.argv.slice(2), process, entitiesFor, stopping.signal);
