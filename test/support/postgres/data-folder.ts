import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { OrphanGuard } from './orphan-guard.js';
import type { ServerFiles } from './server-files.js';
import { failureWithLog, launch } from './server-process.js';

/** Data folders that initdb made, by what made them. To copy one takes a tenth of the CPU time. */
const MADE = fileURLToPath(new URL('../../../node_modules/.cache/postgres/', import.meta.url));

// --locale=C is for messages and the like: initdb fails on a LANG that this machine lacks. Text sorts by ICU.
const LOCALE = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
const INITDB = ['-U', 'postgres', '-A', 'trust', '--no-sync', ...LOCALE];

// Databases are made from template0. Each has 300 files, and making a file costs most of a copy.
const WITHOUT_TEMPLATE1 = `UPDATE pg_database SET datistemplate = false WHERE datname = 'template1';
DROP DATABASE template1;
`;

/** Makes the empty data folder. Error: shows the log of what failed. */
export async function initDatabaseFolder(files: ServerFiles, guard: OrphanGuard): Promise<void> {
  const { stdout: version } = await promisify(execFile)(files.initdb, ['--version']);
  const made = join(MADE, digestOf([version, INITDB, WITHOUT_TEMPLATE1, files.owner?.uid ?? process.getuid?.()]));
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
  await run(files.initdb, ['-D', files.dataFolder, ...INITDB], files, guard);
  // A server for one user, which reads a statement from each line. It ends well even if one fails: that would only make the folder larger.
  const single = ['--single', '-D', files.dataFolder, '-c', 'fsync=off', 'postgres'];
  await run(files.postgres, single, files, guard, WITHOUT_TEMPLATE1);
}

async function run(
  binary: string,
  args: string[],
  files: ServerFiles,
  guard: OrphanGuard,
  input?: string,
): Promise<void> {
  const { child, ended } = await launch(binary, args, files, input);
  guard.watch(child.pid);
  await ended;
  guard.watch(undefined);
  if (child.exitCode !== 0) throw await failureWithLog(`${basename(binary)} failed`, files);
}

/** Makes the data folder of a standby from that of a stopped server. */
export async function copyDatabaseFolder(from: string, { dataFolder }: ServerFiles): Promise<void> {
  await copyFolder(from, dataFolder);
  await writeFile(join(dataFolder, 'standby.signal'), '', { mode: 0o644 });
}
