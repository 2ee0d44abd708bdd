// Jest loads this file outside its own module system. The hooks map './cluster.js' to TypeScript.
import prepare, { throwReasons } from '../runner/global-setup.mjs';
import '../runner/register.mjs';

let cluster;

/** Starts the PostgreSQL server of this run; the workers inherit its address as TEST_POSTGRES_URL. */
export default async function startSharedCluster() {
  const { startCluster } = await import('./cluster.js');
  const [started, prepared] = await Promise.allSettled([startCluster(), prepare()]);
  cluster = started.value;
  if (prepared.reason) await removeSharedCluster();
  throwReasons(started, prepared);
  process.env.TEST_POSTGRES_URL = cluster.url;
}

/** Stops that server and deletes its files. */
export async function removeSharedCluster() {
  await cluster?.remove();
  cluster = undefined;
  delete process.env.TEST_POSTGRES_URL;
}
