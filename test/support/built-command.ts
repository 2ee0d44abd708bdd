import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ended } from './service-process.js';

/** What `npm run` runs for a command. */
export const fileOf = (command: string) => fileURLToPath(new URL(`../../dist/src/bin/${command}.js`, import.meta.url));

/** A command of the project. */
type Command = 'keys' | 'indexes' | 'check' | 'backup' | 'restore' | 'move';

/** Runs a built command with parameters, in a working folder of its own, which may have a `.env`. */
export async function runBuilt(
  command: Command,
  parameters: string[],
  environment: Record<string, string>,
  envFile?: string,
): Promise<Ended> {
  const file = fileOf(command);
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
  const folder = await mkdtemp(join(tmpdir(), 'items-command-'));
  if (envFile !== undefined) await writeFile(join(folder, '.env'), envFile);
  const ended = await run(process.execPath, [file, ...parameters], folder, environment);
  await rm(folder, { recursive: true, force: true });
  return ended;
}

/** Runs `npm run -s <command> --` with parameters in the folder of the project. */
export function runByNpm(command: Command, parameters: string[], environment: Record<string, string>): Promise<Ended> {
  const project = fileURLToPath(new URL('../..', import.meta.url));
  return run('npm', ['run', '-s', command, '--', ...parameters], project, environment);
}

function run(command: string, parameters: string[], cwd: string, environment: Record<string, string>): Promise<Ended> {
  const env = { PATH: process.env.PATH, ...environment };
  return new Promise((resolve) => {
    execFile(command, parameters, { cwd, env }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : Number(error.code);
      resolve({ exitCode, stdout, stderr });
    });
  });
}
