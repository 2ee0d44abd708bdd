import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Caller } from '../../support/caller.js';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { canMount, fillDisk, smallDisk, type MountPoint } from '../../support/machine/mounts.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';

/** Shown as skipped where the system does not let this user mount. */
const whereMountable = canMount ? describe : describe.skip;

let database: TestDatabase;
let disk: MountPoint | undefined;
let environment: Record<string, string>;
beforeEach(async () => {
  database = await migratedDatabase();
  environment = { DATABASE_URL: database.url, SEED: 'off' };
});
afterEach(async () => {
  await killServices();
  await database.drop();
  await disk?.remove();
  disk = undefined;
});

/** Sends so many requests whose lines in the log are long, and gives the number that is in the metrics for lines that were dropped. */
async function requests(api: Caller, count: number): Promise<number> {
  const path = `/nowhere/${'a'.repeat(300)}`;
  for (let sent = 0; sent < count; sent += 20) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.get(path)));
    for (const answer of answers) answer.expect(404, 'route-not-found');
  }
  const { text } = (await api.get('/metrics')).expect(200);
  return Number(/^items_log_dropped_lines_total (\d+)$/m.exec(text)?.[1]);
}

describe('a log that nobody reads', () => {
  it('[P64] is kept for a reader that stands still, dropped and counted once it has gone, and requests are answered', async () => {
    const service = await ServiceProcess.start({ environment });
    const api = service.caller();
    service.stopReading();
    // Their lines are more than a pipe holds.
    expect(await requests(api, 300)).toBe(0);
    service.goOnReading();
    (await api.get('/example', { headers: { 'x-request-id': 'last' } })).expect(200);
    await service.line(/"requestId":"last"/);
    expect(service.lines.filter((line) => line.includes('"route-not-found"'))).toHaveLength(300);

    service.closeOutput();
    await requests(api, 20);
    expect(await requests(api, 100)).toBeGreaterThanOrEqual(100);
    (await api.put('/items/a', { name: 'A' })).expect(201);
    (await api.get('/items/a')).expect(200);
    expect(await service.stop()).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

whereMountable('a log in a file', () => {
  it('[P64] is dropped while its disk is full, and says how much once there is room', async () => {
    const { launcher, seenFrom } = (disk = await smallDisk(256 * 1024, 'exec > log'));
    const service = await ServiceProcess.spawn({
      environment: { ...environment, AUTH: 'off' },
      launcher,
    });
    const log = () => {
      try {
        return readFileSync(seenFrom(service, 'log'), 'utf8');
      } catch {
        // It is not mounted yet.
        return '';
      }
    };
    while (!log().includes('Items is listening')) await delay(10);
    const api = new Caller(/API: (http:\S+)/.exec(log())![1]!);
    fillDisk(seenFrom(service, 'filler'));
    await requests(api, 20);
    expect(await requests(api, 100)).toBeGreaterThanOrEqual(100);
    rmSync(seenFrom(service, 'filler'));
    const dropped = await requests(api, 20);
    // Lines that come after it are written again.
    while (!/"droppedLines".*\n.*"Request answered"\}\n/.test(log())) await delay(10);
    const lines = log().trimEnd().split('\n');
    expect(
      lines
        .map((line) => /"droppedLines":(\d+)/.exec(line)?.[1])
        .filter(Boolean)
        .map(Number),
    ).toEqual([dropped]);
    api.close();
  });
});
