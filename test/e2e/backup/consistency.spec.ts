import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeSnapshot } from '../../../src/backup/command/back-up.js';
import { openBackup } from '../../../src/backup/file/open-backup.js';
import { writeBackup } from '../../../src/backup/file/write-backup.js';
import { withEmptyDatabase } from '../../../src/backup/rows/empty-database.js';
import { withNewFile } from '../../../src/backup/rows/new-database-file.js';
import { fill, type Place } from '../../../src/backup/rows/place.js';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { entitiesFor } from '../../../src/entities.js';
import { abortedInTheMiddle } from '../../support/backups/aborted-in-the-middle.js';
import { backUpInto, makeBackupFolder, restoreFrom, type BackupFolder } from '../../support/backups/backups.js';
import { storedRowsOf } from '../../support/backups/rows.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { engine, newDatabase, type TestDatabase } from '../../support/database/engine.js';
import { addChanges } from '../../support/database/many-changes.js';
import { remainsOf } from '../../support/database/untouched.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let folder: BackupFolder;
let service: TestApp;
const others: TestDatabase[] = [];
beforeAll(async () => {
  folder = await makeBackupFolder();
  service = await startTestApp();
  await addChanges(service.config.database, 2_000);
});
afterAll(async () => {
  await service?.close();
  for (const other of others) await other.drop();
  await folder?.remove();
});

const another = async () => {
  const made = await newDatabase();
  others.push(made);
  return made;
};

/** Items that are changed again and again until they are stopped. `more` waits for so many changes. */
function writers() {
  const state = { isGoing: true, written: 0 };
  const write = async (writer: number) => {
    for (let n = 0; state.isGoing; n += 1) {
      (await service.api.put(`/items/w${writer}-${n % 5}`, { name: `n${n}` })).expect(n < 5 ? 201 : 200);
      state.written += 1;
      await delay(1);
    }
  };
  const all = Promise.all([0, 1, 2].map(write));
  const more = async (count: number) => {
    for (const seen = state.written; state.written < seen + count;) await Promise.race([all, delay(1)]);
  };
  const stop = async () => {
    state.isGoing = false;
    await all;
  };
  return { more, stop };
}

describe('a backup while others write', () => {
  it('[P72] is one moment: each item is its newest version, and the feed behind its position has all that came after', async () => {
    const { more, stop } = writers();
    await more(30);
    const { position } = await backUpInto(folder.path('busy'), service.config.database);
    await more(1);
    await stop();
    const copy = await another();
    await restoreFrom(folder.path('busy'), copy.config);
    const newest = `
      SELECT v.item_id, v.version, v.seq, i.version AS item_version FROM item_versions AS v LEFT JOIN items AS i ON i.id = v.item_id
      WHERE v.version = (SELECT max(o.version) FROM item_versions AS o WHERE o.item_id = v.item_id) AND v.item_id LIKE 'w%'`;
    const items = await queryDirectly(copy.config, newest);
    expect(items.filter(({ version, item_version: shown }) => version !== shown)).toEqual([]);
    const [{ count } = {}] = await queryDirectly(copy.config, 'SELECT count(*) AS count FROM item_versions');
    const kept = (await storedRowsOf(copy.config)).versions;
    const all = (await storedRowsOf(service.config.database)).versions;
    const after: string[] = [];
    for (let from = position; ;) {
      const page = (await service.api.get(`/changes?limit=200&include=none&after=${from}`)).expect(200).json;
      after.push(...page.changes.map((change: { position: string }) => change.position.split('-')[0]!));
      if (page.changes.length === 0) break;
      from = page.position;
    }
    expect(after.length).toBeGreaterThan(0);
    expect(Number(count) + after.length).toBe(all.length);
    const seqIn = (row: string) => String((JSON.parse(row) as { seq: number }).seq);
    expect(new Set([...kept.map(seqIn), ...after]).size).toBe(all.length);
  });

  it('is a new file that only its owner can read, and never in the place of another', async () => {
    expect((await stat(folder.path('busy'))).mode & 0o777).toBe(0o600);
    const before = await readFile(folder.path('busy'));
    await expect(backUpInto(folder.path('busy'), service.config.database)).rejects.toThrow(/exists already/);
    expect(await readFile(folder.path('busy'))).toEqual(before);
    expect(gunzipSync(before).toString()).toMatch(/^\{"format":"items-backup","version":1,/);
  });

  it('leaves no file if it fails', async () => {
    await expect(backUpInto(folder.path('no/such/folder'), service.config.database)).rejects.toThrow(
      /can't be written/,
    );
    expect((await readdir(folder.path('.'))).filter((name) => name !== 'busy')).toEqual([]);
  });

  it('says so if its header has no room for the names of all attributes with indexes', async () => {
    const header = { schema: 1, madeAt: '', position: '', indexedAttributes: ['x'.repeat(70_000)], tables: [] };
    const none = async function* () {};
    await expect(writeBackup(folder.path('long'), header, none())).rejects.toThrow(
      /no room for the names of 1 attributes/,
    );
    expect((await readdir(folder.path('.'))).filter((name) => name !== 'busy')).toEqual([]);
  });

  it('leaves no file if it is stopped in the middle', async () => {
    const { database } = service.config;
    const { signal, seen } = abortedInTheMiddle(folder.path('.'));
    const stopped = writeSnapshot(database, entitiesFor(database.engine), folder.path('stopped'), signal);
    await expect(stopped).rejects.toThrow(/Stopped/);
    expect(seen).toEqual([expect.stringMatching(/^stopped\.unfinished-/)]);
    expect((await readdir(folder.path('.'))).filter((name) => name !== 'busy')).toEqual([]);
  });
});

describe('a restore that is cut', () => {
  /** What a service that starts there would find, while rows are put there, and after a fault in the middle. */
  it('leaves nothing that could be taken for a database', async () => {
    const target = await another();
    const before = await remainsOf(target.config);
    const seen: unknown[] = [];
    const modes: number[] = [];
    const isCutAt = async (place: Place) => {
      const backup = await openBackup(folder.path('busy'));
      try {
        const pages = async function* () {
          for await (const page of backup.pages()) {
            if (page.table.name === 'items') {
              seen.push(await remainsOf(target.config));
              modes.push(...(await modesBeside(target.config)));
              throw new Error('cut');
            }
            yield page;
          }
        };
        await fill(place, backup.header.tables, pages());
      } finally {
        await backup.close();
      }
    };
    await expect(into(target.config, isCutAt)).rejects.toThrow('cut');
    expect(modes.filter((mode) => mode !== 0o600)).toEqual([]);
    const meanwhile = seen[0] as unknown[];
    expect(meanwhile.filter((one) => !JSON.stringify(one).includes('.unfinished-'))).toEqual(before);
    expect(await remainsOf(target.config)).toEqual(before);
    await restoreFrom(folder.path('busy'), target.config);
    expect(await modesBeside(target.config)).toEqual(engine === 'sqlite' ? [0o600] : []);
    const restored = await startTestApp({ database: target.config });
    (await restored.api.get('/items/w0-0')).expect(200);
    await restored.close();
  });

  it('refuses rows that come back as others', async () => {
    const target = await another();
    const spoilt = async (place: Place) => {
      const backup = await openBackup(folder.path('busy'));
      const add: Place['add'] = async (page) =>
        place.add(page.table.name === 'items' ? { ...page, rows: page.rows.slice(1) } : page);
      const pages = (table: Parameters<Place['pages']>[0]) => place.pages(table);
      const empty = (table: Parameters<Place['empty']>[0]) => place.empty(table);
      try {
        await fill({ add, pages, empty }, backup.header.tables, backup.pages());
      } finally {
        await backup.close();
      }
    };
    await expect(into(target.config, spoilt)).rejects.toThrow(/other rows than were put/);
  });
});

/** The modes of an SQLite file, of an unfinished one, and of what is beside them. */
async function modesBeside(config: DatabaseConfig): Promise<number[]> {
  if (config.engine !== 'sqlite') return [];
  const beside = (await readdir(dirname(config.path))).filter((name) => name.startsWith(basename(config.path)));
  return Promise.all(beside.map(async (name) => (await stat(join(dirname(config.path), name))).mode & 0o777));
}

async function into(config: DatabaseConfig, work: (place: Place) => Promise<void>): Promise<void> {
  const backup = await openBackup(folder.path('busy'));
  await backup.close();
  const { header } = backup;
  if (config.engine === 'sqlite') return withNewFile(config, header.schema, work);
  return withEmptyDatabase(config, entitiesFor(config.engine), header.schema, work);
}
