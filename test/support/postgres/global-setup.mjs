// Jest loads this file outside its own module system. The hooks map './cluster.js' to TypeScript.
import prepare from '../runner/global-setup.mjs';
import '../runner/register.mjs';

let cluster;

/** Starts the PostgreSQL server of this run; the workers inherit its address as TEST_POSTGRES_URL. */
export default async function startSharedCluster() {
  const { startCluster } = await import('./cluster.js');
  [cluster] = await Promise.all([startCluster(), prepare()]);
  process.env.TEST_POSTGRES_URL = cluster.url;
}

/** Stops that server and deletes its files. */
export async function removeSharedCluster() {
  await cluster?.remove();
  cluster = undefined;
  delete process.env.TEST_POSTGRES_URL;
}
