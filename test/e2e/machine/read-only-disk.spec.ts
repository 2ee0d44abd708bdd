import { afterEach, expect, it } from '@jest/globals';
import { describeOnFileIf } from '../../support/database/engine.js';
import {
  canMount,
  canMountImages,
  failFileSystem,
  journalledDisk,
  setImmutable,
  smallDisk,
  type MountPoint,
} from '../../support/machine/mounts.js';
import { readinessThatSays } from '../../support/machine/readiness.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';

const environmentOn = ({ folder }: MountPoint) => ({
  DATABASE_URL: `sqlite:${folder}/items.sqlite`,
  AUTH: 'off',
  SEED: 'off',
});

let disk: MountPoint;
afterEach(async () => {
  await killServices();
  await disk.remove();
});

describeOnFileIf(canMount, 'a read-only file system', () => {
  it('ends the start with one line', async () => {
    disk = await smallDisk(1024 * 1024, 'touch items.sqlite && mount -o remount,bind,ro .');
    const service = await ServiceProcess.spawn({ environment: environmentOn(disk), launcher: disk.launcher });
    expect(await service.ended).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The database \S+ can't be used: EROFS: read-only file system.*\n$/),
    });
  });
});

describeOnFileIf(canMountImages, 'a file system that takes no more changes', () => {
  it('503 to changes and 200 to reads until it takes them again, and nothing is lost', async () => {
    disk = await journalledDisk();
    const start = () => ServiceProcess.start({ environment: environmentOn(disk), launcher: disk.launcher });
    const service = await start();
    const api = service.caller();
    (await api.put('/items/kept', { name: 'Kept' })).expect(201);

    const files = ['items.sqlite', 'items.sqlite-wal'].map((name) => disk.seenFrom(service, name));
    setImmutable('+', files);
    expect((await api.put('/items/kept', { name: 'Lost' })).expect(503, 'storage-unavailable').json.retryable).toBe(
      true,
    );
    expect(await readinessThatSays('read-only', api)).toMatchObject({ status: 'warning' });
    setImmutable('-', files);
    expect(await readinessThatSays('writable', api)).toMatchObject({ status: 'ok' });
    (await api.put('/items/last', { name: 'Last' })).expect(201);

    const readAll = async () => {
      for (const target of ['/items/kept', '/items/last', '/items', '/changes']) (await api.get(target)).expect(200);
    };
    // Now, so that no reader has anything to note in the shared memory of the file later: the kernel would end the process.
    await readAll();
    // What the kernel does after an error lasts until the file system is mounted again.
    failFileSystem(service, disk.folder);
    (await api.put('/items/late', { name: 'Late' })).expect(503, 'storage-unavailable');
    await readAll();
    expect(await readinessThatSays('read-only', api)).toMatchObject({ status: 'warning' });
    expect(await service.stop()).toMatchObject({ exitCode: 0, stderr: '' });

    const again = await start();
    const { items } = (await again.caller().get('/items')).expect(200).json;
    expect(items).toMatchObject([
      { id: 'kept', name: 'Kept', version: 1 },
      { id: 'last', name: 'Last', version: 1 },
    ]);
    (await again.caller().put('/items/late', { name: 'Late' })).expect(201);
  });
});
