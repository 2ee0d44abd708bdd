// Runs a command with DATABASE_URL set to an empty PostgreSQL database, which is removed afterwards:
//   node test/support/postgres/with-postgres.mjs npm run migration:check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import '../runner/register.mjs';

const { startCluster } = await import('./cluster.js');

const [command, ...parameters] = process.argv.slice(2);
const cluster = await startCluster();
try {
  const env = { ...process.env, DATABASE_URL: `${cluster.url}/postgres` };
  const [exitCode] = await once(spawn(command, parameters, { env, stdio: 'inherit' }), 'exit');
  process.exitCode = exitCode ?? 1;
} finally {
  await cluster.remove();
}
