import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, open, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { OrphanGuard } from './orphan-guard.js';
import type { ServerFiles } from './server-files.js';

/** A postmaster that accepts connections. */
export interface RunningServer {
  readonly pid: number;
  /** Ends all connections and the server (fast shutdown). Kills it after 10 s. */
  stop(): Promise<void>;
}

const readyTimeoutMs = 30_000;
const stopTimeoutMs = 10_000;

/** Starts a server on the data folder and waits until it answers. Error: it ended instead, or took too long. */
export async function startServer(
  files: ServerFiles,
  port: number,
  guard: OrphanGuard,
  more: Record<string, string>,
): Promise<RunningServer> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    // Nothing here needs to survive a crash of the machine.
    fsync: 'off',
    full_page_writes: 'off',
    ...more,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { child, ended } = await launch(files.postgres, ['-D', files.dataFolder, ...options], files);
  guard.watch(child.pid);

  async function stop(): Promise<void> {
    child.ref();
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await ended;
    clearTimeout(timer);
    guard.watch(undefined);
  }

  const deadline = Date.now() + readyTimeoutMs;
  // Promise.race(), since another program on the port may accept the connection and stay silent.
  while (!(await Promise.race([answers(port, files.dataFolder), ended.then(() => false)]))) {
    const isGone = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    if (isGone || Date.now() > deadline) {
      await stop();
      throw new Error(isGone ? 'PostgreSQL ended at its start' : 'PostgreSQL did not get ready');
    }
    await delay(25);
  }
  // A test that does not stop its server must not keep its process alive; the guard then ends the server.
  child.unref();
  return { pid: child.pid as number, stop };
}

/** An error that shows the end of the server's log, which is deleted with the server's folder. */
export async function failureWithLog(what: string, files: ServerFiles): Promise<Error> {
  const lastLines = (await readFile(files.logFile, 'utf8')).trimEnd().split('\n').slice(-40);
  return new Error(`${what}. Its log ends:\n${lastLines.join('\n')}`);
}

export interface Launched {
  child: ChildProcess;
  /** Resolves when the child has ended, or could not be started. */
  ended: Promise<unknown>;
}

/** Runs a program of the server, as its user, with its log. `input` is what it can read. */
export async function launch(binary: string, args: string[], files: ServerFiles, input?: string): Promise<Launched> {
  const log = await open(files.logFile, 'a');
  const child = spawn(binary, args, {
    ...files.owner,
    cwd: files.folder,
    // PGDATA, PGPORT, LANG and the like of this machine must not reach the server.
    env: { PATH: process.env.PATH, TZ: 'UTC' },
    // Its own session, which the terminal's Ctrl-C does not reach: the guard ends it in order.
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', log.fd, log.fd],
  });
  child.stdin?.on('error', () => undefined).end(input);
  const ended = once(child, 'exit').catch((error: Error) => appendFile(files.logFile, `${binary}: ${error.message}\n`));
  await log.close();
  return { child, ended };
}

/** Whether this server answers: another one may have taken the port before it. */
async function answers(port: number, dataFolder: string): Promise<boolean> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    database: 'postgres',
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory === dataFolder;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
