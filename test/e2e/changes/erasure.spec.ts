import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseFault } from '../../../src/database/faults/database-fault.js';
import { FeedHead } from '../../../src/items/changes/feed-head.js';
import { ItemChanges } from '../../../src/items/store/changes/item-changes.js';
import { connectDirectly } from '../../support/database/direct-sql.js';
import { describeOnServer, migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { EventStream } from '../../support/requests/event-stream.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let database: TestDatabase;
let service: TestApp;
let other: TestApp;
beforeEach(async () => {
  database = await migratedDatabase();
  service = await startTestApp({ database: database.config, auth: 'off' });
  other = await startTestApp({ database: database.config, auth: 'off' });
});
afterEach(async () => {
  await service.close();
  await other.close();
  await database.drop();
});

const itemsIn = (page: { json: { changes: { item: unknown }[] } }) => page.json.changes.map(({ item }) => item);

async function followed(count: number): Promise<void> {
  while (service.app.get(FeedHead).followers.size !== count) await delay(2);
}

/** Makes an item whose content the head of the feed of `service` reads for somebody. The position before it. */
async function readSecret(): Promise<string> {
  const { position } = (await service.api.get('/changes/latest')).expect(200).json;
  const poll = service.api.get(`/changes?after=${position}&wait=60`);
  await followed(1);
  (await service.api.put('/items/secret', { name: 'x' })).expect(201);
  expect(itemsIn((await poll).expect(200))).toMatchObject([{ name: 'x' }]);
  return position;
}

/** From now on the head of the feed of `service` reads nothing until released, as if its database were slow. */
function holdHead(): () => void {
  const changes = service.app.get(ItemChanges);
  const findPage = changes.findPage.bind(changes);
  let release!: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  changes.findPage = async (query, by) => {
    if (by === 'head') await released;
    return findPage(query, by);
  };
  return release;
}

async function erase(by: TestApp): Promise<void> {
  (await by.api.delete('/items/secret')).expect(204);
  (await by.api.delete('/items/secret/versions')).expect(204);
}

describe.each(['the same', 'another'])('content that %s process has erased', (which) => {
  it('[Q10] 200 without it for a long poll and a stream that come after the erasure, before the head of the feed has read that', async () => {
    const position = await readSecret();
    const release = holdHead();
    await erase(which === 'the same' ? service : other);
    const page = (await service.api.get(`/changes?after=${position}&wait=60`)).expect(200);
    expect(itemsIn(page)).toEqual([null, null, null]);
    expect(page.json.changes[0]).toMatchObject({ operation: 'create', erased: true });
    const stream = await EventStream.open(service.api.url, `/changes?after=${position}`);
    const events = await stream.take(3);
    expect(events.map(({ data }) => JSON.parse(data!).item)).toEqual([null, null, null]);
    stream.close();
    release();
  });
});

it('[Q10] 503 for a long poll behind what the head of the feed has read while the database is away, as without wait', async () => {
  const position = await readSecret();
  const changes = service.app.get(ItemChanges);
  changes.findPage = () => Promise.reject(new DatabaseFault('unavailable', new Error('away')));
  for (const wait of ['', '&wait=60']) {
    (await service.api.get(`/changes?after=${position}${wait}`)).expect(503, 'storage-unavailable');
  }
});

/** Reads of the feed wait for the lock of this number and the highest version that they see. */
const SNAPSHOT_LOCK = 7_000_000;

// On SQLite nothing holds up a statement that has begun.
describeOnServer('content that is erased during the query of the head that has seen it', () => {
  it.each(['the same', 'another'])(
    '[Q26] 200 without it for a long poll that comes after the erasure by %s process, and with it for one from before',
    async (which) => {
      const direct = await connectDirectly(database.config);
      const { position } = (await service.api.get('/changes/latest')).expect(200).json;
      await direct.query('ALTER TABLE history_trimming RENAME TO trimmed');
      await direct.query(
        `CREATE VIEW history_trimming AS SELECT trimmed_to FROM trimmed WHERE
         pg_advisory_xact_lock_shared(${SNAPSHOT_LOCK} + (SELECT coalesce(max(version), 0) FROM item_versions)) IS NOT NULL`,
      );
      await direct.query(`SELECT pg_advisory_lock(${SNAPSHOT_LOCK + 1})`);
      const early = service.api.get(`/changes?after=${position}&wait=60`);
      await followed(1);
      (await service.api.put('/items/secret', { name: 'x' })).expect(201);
      const isHeld = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${SNAPSHOT_LOCK + 1} AND NOT granted`;
      while ((await direct.query(isHeld)).length === 0) await delay(5);
      await erase(which === 'the same' ? service : other);
      const late = service.api.get(`/changes?after=${position}&wait=60`);
      await followed(2);
      await direct.query(`SELECT pg_advisory_unlock(${SNAPSHOT_LOCK + 1})`);
      const page = (await late).expect(200);
      expect(itemsIn(page)).toEqual([null, null, null]);
      expect(page.json.changes[0]).toMatchObject({ operation: 'create', erased: true });
      expect(itemsIn((await early).expect(200))).toMatchObject([{ name: 'x' }]);
      await direct.query('DROP VIEW history_trimming');
      await direct.query('ALTER TABLE trimmed RENAME TO history_trimming');
      await direct.close();
    },
  );
});
