import type { Screen } from '../../src/command-line/screen.js';
import type { Ended } from './service-process.js';

/** Runs a command in this process, with these settings, and returns what its own process would. One at a time. */
export async function runHere(
  command: (screen: Screen) => Promise<number>,
  settings: Record<string, string>,
): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const into = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) });
  const before = Object.keys(settings).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, settings);
  try {
    const exitCode = await command({ stdout: into('stdout'), stderr: into('stderr') });
    return { exitCode, ...written };
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
