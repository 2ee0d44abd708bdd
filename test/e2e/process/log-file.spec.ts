import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Caller } from '../../support/caller.js';
import { describeOnFile } from '../../support/database/engine.js';
import { pickFreePort } from '../../support/postgres/free-port.js';
import { MAIN, NODE_OPTIONS } from '../../support/service-process.js';

const REQUESTS = 60;

/** How long the file may become at first, in bytes. The start logs less, and the requests log more. */
const LIMIT = 12_000;

describeOnFile('the log in a file that can grow no more', () => {
  it('is written again when the file can grow, and says how many lines are missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'items-log-'));
    const path = join(folder, 'log');
    const service = await startInto(path, folder);
    const send = async (id: string) =>
      (await service.api.get(`/${'a'.repeat(300)}`, { headers: { 'x-request-id': id } })).expect(
        404,
        'route-not-found',
      );
    // Also of other files, but only the log is written now.
    service.limitFiles(`${LIMIT}:unlimited`);
    for (let n = 0; n < REQUESTS; n += 1) await send(`r-${n}`);
    expect(await readFile(path)).toHaveLength(LIMIT);
    service.limitFiles('unlimited');
    await send('last');
    const { text } = (await service.api.get('/metrics')).expect(200);
    const [, counted] = /^items_log_dropped_lines_total (\d+)$/m.exec(text) ?? [];
    expect(await service.stop()).toBe(0);

    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const whole = lines.flatMap(parsed);
    const [told, ...more] = whole.filter(({ droppedLines }) => droppedLines !== undefined);
    const answered = whole.filter(({ requestId }) => String(requestId).startsWith('r-'));
    expect(more).toEqual([]);
    expect(told).toMatchObject({ level: 'warn', droppedLines: REQUESTS - answered.length });
    expect(Number(counted)).toBe(REQUESTS - answered.length);
    expect(whole).toContainEqual(expect.objectContaining({ requestId: 'last' }));
    // One line was cut off.
    expect(lines.length - whole.length).toBe(1);
    await rm(folder, { recursive: true, force: true });
  });
});

async function startInto(path: string, folder: string) {
  const file = await open(path, 'a');
  const port = await pickFreePort();
  const env = {
    PATH: process.env.PATH,
    PORT: String(port),
    DATABASE_URL: `sqlite:${folder}/items.sqlite`,
    AUTH: 'off',
  };
  const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN], {
    cwd: folder,
    env,
    stdio: ['ignore', file.fd, 'inherit'],
  });
  await file.close();
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const api = new Caller(`http://127.0.0.1:${port}`);
  while (!/Items is listening/.test(await readFile(path, 'utf8'))) {
    if (child.exitCode !== null) throw new Error('The service ended');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const stop = async () => {
    api.close();
    child.kill('SIGTERM');
    return (await ended)[0];
  };
  const limitFiles = (bytes: string) => execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}`]);
  return { api, limitFiles, stop };
}

function parsed(line: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(line) as Record<string, unknown>];
  } catch {
    return [];
  }
}
