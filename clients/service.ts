import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** Starts the built service on a new SQLite file, and stops it after use. */
export async function withService(use: (baseUrl: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'items-clients-'));
  const service = spawn(process.execPath, [resolve('../dist/src/main.js')], {
    cwd: folder,
    env: { PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await use(await urlOf(service.stdout));
  } finally {
    const ended = new Promise((done) => service.once('exit', done));
    if (service.kill('SIGTERM')) await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

/** The URL that the service prints. Error: it ended before. */
async function urlOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const [, url] = /API: (http:\S+)/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('The service ended before it was listening');
}
