import { copyFile, readdir, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeCopy } from '../../../src/backup/command/back-up.js';
import { abortedInTheMiddle } from '../../support/backups/aborted-in-the-middle.js';
import { makeBackupFolder, type BackupFolder } from '../../support/backups/backups.js';
import { storedRowsOf } from '../../support/backups/rows.js';
import { runBuilt } from '../../support/built-command.js';
import { addChanges } from '../../support/database/many-changes.js';
import { describeOnFile, describeOnServer, newDatabase, type TestDatabase } from '../../support/database/engine.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let folder: BackupFolder;
beforeAll(async () => {
  folder = await makeBackupFolder();
});
afterAll(() => folder?.remove());

const never = new AbortController().signal;

describeOnFile('npm run backup -- --sqlite', () => {
  let service: TestApp;
  let other: TestDatabase;
  beforeAll(async () => {
    [service, other] = [await startTestApp(), await newDatabase()];
    await addChanges(service.config.database, 5_000);
  });
  afterAll(async () => {
    await service?.close();
    await other?.drop();
  });

  it('copies the file while others write, as it was at one moment, for its owner alone', async () => {
    const state = { isGoing: true, written: 0 };
    const writing = (async () => {
      for (let n = 0; state.isGoing; n += 1) {
        (await service.api.put(`/items/a${n}`, { name: 'a' })).expect(201);
        state.written += 1;
        await delay(1);
      }
    })();
    const another = async (seen = state.written) => {
      while (state.written === seen) await delay(1);
    };
    await another();
    await writeCopy(service.config.database, folder.path('copy.sqlite'), never);
    await another();
    state.isGoing = false;
    await writing;
    expect(await readdir(folder.path('.'))).toEqual(['copy.sqlite']);
    expect((await stat(folder.path('copy.sqlite'))).mode & 0o777).toBe(0o600);
    await expect(writeCopy(service.config.database, folder.path('copy.sqlite'), never)).rejects.toThrow(
      /exists already/,
    );
    if (other.config.engine === 'sqlite') await copyFile(folder.path('copy.sqlite'), other.config.path);
    const [copied, all] = [await storedRowsOf(other.config), await storedRowsOf(service.config.database)];
    expect(copied.items.length).toBeGreaterThan(0);
    expect(copied.items.length).toBeLessThan(all.items.length);
    const known = new Set(all.versions);
    expect(copied.versions.filter((version) => !known.has(version))).toEqual([]);
    expect(copied.versions).toHaveLength(5_000 + copied.items.length);
    const restored = await startTestApp({ database: other.config });
    (await restored.api.get('/items?q=a&limit=1')).expect(200);
    (await restored.api.put('/items/a0', { name: 'b' })).expect(200);
    await restored.close();
  });

  it('leaves no file if it is stopped in the middle', async () => {
    const { signal, seen } = abortedInTheMiddle(folder.path('.'));
    const copying = writeCopy(service.config.database, folder.path('stopped.sqlite'), signal);
    await expect(copying).rejects.toThrow(/Stopped/);
    expect(seen[0]).toMatch(/^stopped\.sqlite\.unfinished-/);
    expect(await readdir(folder.path('.'))).toEqual(['copy.sqlite']);
  });

  it('writes it by the command', async () => {
    const environment = { DATABASE_URL: `sqlite:${folder.path('copy.sqlite')}` };
    const { exitCode, stderr } = await runBuilt('backup', ['--sqlite', folder.path('again.sqlite')], environment);
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringMatching(/again\.sqlite is a copy of .*copy\.sqlite: \d+\.\d MB/),
    ]);
  });
});

describeOnServer('npm run backup -- --sqlite', () => {
  it('is refused, since there is no file', async () => {
    const database = await newDatabase();
    await expect(writeCopy(database.config, folder.path('copy.sqlite'), never)).rejects.toThrow(/names none/);
    await database.drop();
  });
});
