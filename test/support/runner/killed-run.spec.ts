import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';

const JEST = fileURLToPath(new URL('../../../node_modules/jest/bin/jest.js', import.meta.url));
const CONFIG = fileURLToPath(new URL('./fixtures/endless.config.mjs', import.meta.url));

let running: number[] = [];
afterEach(() => {
  for (const left of running.filter(isRunning)) process.kill(left, 'SIGKILL');
});

it('SIGKILL to a run of the tests ends its workers, services and PostgreSQL, and removes their files', async () => {
  // As root, the tests run PostgreSQL as another user, who must be able to reach it.
  const temporary = await mkdtemp(join(tmpdir(), 'items-killed-'));
  await chmod(temporary, 0o711);
  const env = { PATH: process.env.PATH, TMPDIR: temporary };
  const run = spawn(process.execPath, [JEST, `--config=${CONFIG}`], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  running = await processesOf(run.stderr);
  expect(running.map(isRunning)).toEqual([true, true, true]);
  expect(await readdir(temporary)).toHaveLength(1);

  run.kill('SIGKILL');
  while (running.some(isRunning) || (await readdir(temporary)).length > 0) await pause(20);
  await rm(temporary, { recursive: true });
}, 240_000);

/** The process ids that the run writes: of a worker, a service and PostgreSQL. Error: the run ended without them. */
async function processesOf(output: Readable): Promise<number[]> {
  let said = '';
  for await (const line of createInterface(output)) {
    if (line.startsWith('{"worker":')) return Object.values(JSON.parse(line) as Record<string, number>);
    said += `${line}\n`;
  }
  throw new Error(`The run ended early:\n${said}`);
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
