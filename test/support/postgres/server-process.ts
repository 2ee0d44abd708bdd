import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
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

/** Data folders that initdb made, by what made them. To copy one takes a tenth of the CPU time. */
const MADE = fileURLToPath(new URL('../../../node_modules/.cache/postgres/', import.meta.url));

// --locale=C is for messages and the like: initdb fails on a LANG that this machine lacks. Text sorts by ICU.
const LOCALE = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
const INITDB = ['-U', 'postgres', '-A', 'trust', '--no-sync', ...LOCALE];

/** Makes the empty data folder. Error: initdb failed, with its log. */
export async function initDatabaseFolder(files: ServerFiles, guard: OrphanGuard): Promise<void> {
  const { stdout: version } = await promisify(execFile)(files.initdb, ['--version']);
  const made = join(MADE, digestOf([version, INITDB, files.owner?.uid ?? process.getuid?.()]));
  if (existsSync(made)) return copyFolder(made, files.dataFolder);
  await init(files, guard);
  await keep(files.dataFolder, made);
}

function digestOf(values: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 16);
}

// Several processes may do so at once. The one that copies sees a whole folder or none.
async function keep(folder: string, made: string): Promise<void> {
  const unfinished = `${made}.${process.pid}.${performance.now()}`;
  try {
    await mkdir(MADE, { recursive: true });
    await copyFolder(folder, unfinished);
    await rename(unfinished, made);
  } catch {
    await rm(unfinished, { recursive: true, force: true });
  }
}

// Unlike cp() of Node it keeps the owner.
async function copyFolder(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', from, to]);
}

async function init(files: ServerFiles, guard: OrphanGuard): Promise<void> {
  const initdb = await launch(files.initdb, ['-D', files.dataFolder, ...INITDB], files);
  guard.watch(initdb.child.pid);
  await initdb.ended;
  guard.watch(undefined);
  if (initdb.child.exitCode !== 0) throw await failureWithLog('initdb failed', files);
}

/** Makes the data folder of a standby from that of a stopped server. */
export async function copyDatabaseFolder(from: string, { dataFolder }: ServerFiles): Promise<void> {
  await copyFolder(from, dataFolder);
  await writeFile(join(dataFolder, 'standby.signal'), '', { mode: 0o644 });
}

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

interface Launched {
  child: ChildProcess;
  /** Resolves when the child has ended, or could not be started. */
  ended: Promise<unknown>;
}

async function launch(binary: string, args: string[], files: ServerFiles): Promise<Launched> {
  const log = await open(files.logFile, 'a');
  const child = spawn(binary, args, {
    ...files.owner,
    cwd: files.folder,
    // PGDATA, PGPORT, LANG and the like of this machine must not reach the server.
    env: { PATH: process.env.PATH, TZ: 'UTC' },
    // Its own session, which the terminal's Ctrl-C does not reach: the guard ends it in order.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
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
