import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Screen } from '../../src/command-line/screen.js';
import type { Ended } from './service-process.js';

/**
 * Runs a command in this process, with these settings as its whole environment except PATH, in a working folder of its own, which
 * may have a `.env`. Returns what its own process would. One at a time.
 */
export async function runHere(
  command: (screen: Screen) => Promise<number>,
  settings: Record<string, string>,
  envFile?: string,
): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const into = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) });
  const [environment, before] = [process.env, process.cwd()];
  const folder = await mkdtemp(join(tmpdir(), 'items-command-'));
  if (envFile !== undefined) await writeFile(join(folder, '.env'), envFile);
  process.env = { PATH: environment.PATH, ...settings };
  process.chdir(folder);
  try {
    const exitCode = await command({ stdout: into('stdout'), stderr: into('stderr') });
    return { exitCode, ...written };
  } finally {
    process.env = environment;
    process.chdir(before);
    await rm(folder, { recursive: true });
  }
}
