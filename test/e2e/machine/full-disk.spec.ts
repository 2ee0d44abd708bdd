import { rmSync } from 'node:fs';
import { afterEach, expect, it } from '@jest/globals';
import type { Caller } from '../../support/caller.js';
import { describeOnFileIf } from '../../support/database/engine.js';
import { canMount, fillDisk, smallDisk, type MountPoint } from '../../support/machine/mounts.js';
import { readinessThatSays } from '../../support/machine/readiness.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';

describeOnFileIf(canMount, 'a disk that gets full', () => {
  let disk: MountPoint;
  afterEach(async () => {
    await killServices();
    await disk.remove();
  });

  it('507 to changes and 200 to reads; changes work by themselves once there is room', async () => {
    disk = await smallDisk(4 * 1024 * 1024);
    const environment = { DATABASE_URL: `sqlite:${disk.folder}/items.sqlite`, AUTH: 'off', SEED: 'off' };
    const service = await ServiceProcess.start({ environment, launcher: disk.launcher });
    const api = service.caller();
    (await api.put('/items/0', { name: 'First' })).expect(201);
    fillDisk(disk.seenFrom(service, 'filler'));
    const acknowledged = await putUntilFull(api);
    (await api.delete('/items/0')).expect(507, 'storage-full');
    for (const id of acknowledged) (await api.get(`/items/${id}`)).expect(200);
    expect((await api.get('/items?limit=100')).expect(200).json.items).toHaveLength(acknowledged.length);
    expect(await readinessThatSays('read-only', api)).toMatchObject({ status: 'warning', disk: 'nearly-full' });
    expect(service.lines.filter((line) => line.includes('can’t be written to the database file'))).toHaveLength(1);

    rmSync(disk.seenFrom(service, 'filler'));
    expect(await readinessThatSays('writable', api)).toMatchObject({ status: 'ok', disk: 'ok' });
    expect(await service.line(/are written to the database file again/)).toContain('"info"');
    (await api.put('/items/later', { name: 'Later' })).expect(201);
    for (const id of acknowledged) (await api.delete(`/items/${id}`)).expect(204);
  });
});

/** Makes items until the answer is 507, and gives the ids of those that are there, the first included. */
async function putUntilFull(api: Caller): Promise<string[]> {
  for (let n = 1; ; n += 1) {
    const answer = await api.put(`/items/${n}`, { name: 'x', attributes: { text: 'x'.repeat(10_000) } });
    if (answer.status === 507) return Array.from({ length: n }, (_, id) => String(id));
    answer.expect(201);
  }
}
