import { setTimeout as delay } from 'node:timers/promises';
import { copyDatabaseFolder, initDatabaseFolder } from './data-folder.js';
import { guardFolder, type OrphanGuard } from './orphan-guard.js';
import { pickFreePort } from './free-port.js';
import { makeServerFiles, type ServerFiles } from './server-files.js';
import { failureWithLog, startServer, type RunningServer } from './server-process.js';

/** A PostgreSQL server with its files in a temporary folder. */
export interface Cluster {
  /** `postgres://postgres@127.0.0.1:PORT`, without a database; it stays the same when the server starts again. */
  readonly url: string;
  /** The URL of its empty database `postgres`, for a test that has the server to itself. */
  readonly databaseUrl: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly logFile: string;
  /** Process id of the postmaster; undefined while the server is stopped. */
  readonly pid: number | undefined;
  /** Starts the stopped server again, on the same port and data. Error: shows the end of the log if it does not get ready. */
  start(): Promise<void>;
  /** Ends all connections and stops the server (fast shutdown; killed if that takes too long). Keeps port and data. */
  stop(): Promise<void>;
  /** Stops the server if it runs, and deletes its folder. */
  remove(): Promise<void>;
}

const startAttempts = 4;

/**
 * A new empty PostgreSQL server on 127.0.0.1, ready for connections of the superuser `postgres` (no password). Its
 * default collation is ICU en-US, so that a missing COLLATE "C" shows as another order.
 * At the latest it ends, and its files are removed, with the process that called this, even if that is killed. `settings` are
 * those of postgresql.conf. Error: says what failed and shows the end of the log.
 */
export async function startCluster(settings: Record<string, string> = {}): Promise<Cluster> {
  return startWith(settings, initDatabaseFolder);
}

/**
 * A hot standby of a cluster, which streams from it. It begins with a copy of its files, for which the primary is stopped for a moment:
 * the packages have no pg_basebackup.
 */
export async function startStandby(primary: Cluster): Promise<Cluster> {
  const conninfo = `host=127.0.0.1 port=${primary.port} user=postgres application_name=standby`;
  await primary.stop();
  return startWith({ primary_conninfo: conninfo }, async (files) => {
    await copyDatabaseFolder(primary.dataFolder, files);
    await primary.start();
  });
}

async function startWith(
  settings: Record<string, string>,
  makeDataFolder: (files: ServerFiles, guard: OrphanGuard) => Promise<void>,
): Promise<Cluster> {
  const files = await makeServerFiles();
  const guard = guardFolder(files.folder);
  let server: RunningServer | undefined;
  let port = 0;

  /** Tries several times, since another process may take the port before the server binds it. */
  async function startOn(portOfAttempt: () => number | Promise<number>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      port = await portOfAttempt();
      try {
        server = await startServer(files, port, guard, settings);
        return;
      } catch (error) {
        if (attempt === startAttempts) throw await failureWithLog((error as Error).message, files);
        await delay(100 * attempt);
      }
    }
  }

  async function stop(): Promise<void> {
    await server?.stop();
    server = undefined;
  }

  try {
    await makeDataFolder(files, guard);
    await startOn(pickFreePort);
  } catch (error) {
    await guard.deleteFolder();
    throw error;
  }

  const url = `postgres://postgres@127.0.0.1:${port}`;
  return {
    url,
    databaseUrl: `${url}/postgres`,
    port,
    dataFolder: files.dataFolder,
    logFile: files.logFile,
    get pid() {
      return server?.pid;
    },
    async start() {
      if (!server) await startOn(() => port);
    },
    stop,
    async remove() {
      await stop();
      await guard.deleteFolder();
    },
  };
}
