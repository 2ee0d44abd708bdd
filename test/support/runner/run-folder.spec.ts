import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const MAKE_FOLDER = `
  const { makeRunFolder } = await import(${JSON.stringify(new URL('./run-folder.mjs', import.meta.url).href)});
  const { mkdtempSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  makeRunFolder();
`;

let temporary: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'items-run-folder-'));
});
afterEach(() => rm(temporary, { recursive: true }));

/** Starts a process that makes the folder of its run in an empty temporary folder. */
function startRun(rest: string) {
  const env = { PATH: process.env.PATH, TMPDIR: temporary };
  return spawn(process.execPath, ['--input-type=module', '--eval', MAKE_FOLDER + rest], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('the temporary folder of a run', () => {
  it('is removed with the run', async () => {
    const [exitCode] = await once(startRun(''), 'exit');
    expect(exitCode).toBe(0);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('leftovers in it are named, and fail the run', async () => {
    const run = startRun("mkdtempSync(tmpdir() + '/left-')");
    const [said, [exitCode]] = await Promise.all([text(run.stderr), once(run, 'exit')]);
    expect(said).toMatch(/^The tests left in the temporary folder: left-\w{6}\n$/);
    expect(exitCode).toBe(1);
    expect(await readdir(temporary)).toEqual([]);
  });

  it.each(['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'is removed with a run that ends by %s',
    async (signal) => {
      const run = startRun("mkdtempSync(tmpdir() + '/left-'); console.log('ready'); setInterval(() => {}, 1000);");
      await once(run.stdout, 'data');
      expect(await readdir(temporary)).toHaveLength(1);
      const watcher = watch(temporary);
      const changes = on(watcher, 'change');
      run.kill(signal);
      for await (const _ of changes) if ((await readdir(temporary)).length === 0) break;
      watcher.close();
    },
  );

  it.each(['SIGKILL', 'SIGTERM'] as const)('services and workers end with a run that ends by %s', async (signal) => {
    const run = startRun(`
      const { spawn } = await import('node:child_process');
      const service = { cwd: mkdtempSync(tmpdir() + '/items-service-'), env: { PATH: process.env.PATH } };
      for (const more of [service, {}]) spawn('sleep', ['600'], { stdio: 'inherit', detached: true, ...more });
      console.log('ready');
      setInterval(() => {}, 1000);
    `);
    await once(run.stdout, 'data');
    const closed = once(run.stdout.resume(), 'end');
    run.kill(signal);
    // They have this pipe too.
    await closed;
    expect(run.signalCode).toBe(signal);
  });
});
