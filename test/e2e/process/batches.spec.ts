import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../../support/caller.js';
import { connectDirectly, queryDirectly, type DirectConnection } from '../../support/database/direct-sql.js';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

const KILLS = sized(1, 4);

/** Of each process that sends them. */
const BATCHES = sized(15, 60);

const TEST_TIMEOUT_MS = 240_000;

let database: TestDatabase;
let watcher: DirectConnection;
/** One of the processes is this one. */
let here: TestApp;
/** The other, unless it was killed. */
let service: ServiceProcess | undefined;
beforeAll(async () => {
  database = await migratedDatabase();
  here = await startTestApp({ database: database.config });
  watcher = await connectDirectly(database.config);
});
afterAll(async () => {
  await killServices();
  await watcher?.close();
  await here?.close();
  await database.drop();
});

const running = async () => (service ??= await ServiceProcess.start({ environment: { DATABASE_URL: database.url } }));

describe('batches of several processes', () => {
  it(
    '[N29] race with single requests: an atomic batch sees all of its items between two of their changes, or is refused',
    async () => {
      const [one, other] = [(await running()).caller(), here.api];
      const ids = ['a', 'b', 'c', 'd'];
      for (const id of ids) (await one.put(`/items/${id}`, { name: '0' })).expect(201);
      let [batches, singles] = [0, 0];
      const ends = { isOver: false };
      // Adds one to each item, or to none: each batch expects the versions that it has read.
      const addToAll = async (api: Caller, meanwhile = async () => {}) => {
        const read = await Promise.all(ids.map((id) => api.get(`/items/${id}`)));
        await meanwhile();
        const operations = read.map(({ headers, json }) => {
          const body = { attributes: { sum: Number(json.attributes.sum ?? 0) + 1 } };
          return { method: 'PATCH', id: json.id, ifMatch: headers.etag, body };
        });
        const { status } = await api.post('/batch', { atomic: true, operations });
        if (status === 200) batches += 1;
        return status;
      };
      const add = async (api: Caller) => {
        for (let n = 0; n < BATCHES; n += 1) expect([200, 412]).toContain(await addToAll(api));
        ends.isOver = true;
      };
      const renameOne = async (api: Caller, name: string, id = 'a') => {
        (await api.patch(`/items/${id}`, { name })).expect(200);
        singles += 1;
      };
      const rename = async (api: Caller, by: string) => {
        for (let n = 0; !ends.isOver; n += 1) await renameOne(api, `${by} ${n}`, ids[n % 4]);
      };
      await Promise.all([add(one), add(other), rename(one, 'one'), rename(other, 'other')]);
      // Whoever won before: a batch alone is carried out, and one that a change came before is not.
      expect(await addToAll(one)).toBe(200);
      expect(await addToAll(one, () => renameOne(other, 'between'))).toBe(412);
      for (const id of ids) expect((await one.get(`/items/${id}`)).expect(200).json.attributes.sum).toBe(batches);
      const [row] = await queryDirectly(
        database.config,
        "SELECT count(*) AS count FROM item_versions WHERE item_id IN ('a', 'b', 'c', 'd')",
      );
      expect(Number(row?.count)).toBe(4 + 4 * batches + singles);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    `[N27] a batch that was killed between commit and answer is carried out once, and its repeat gets its answers (${KILLS} kills)`,
    async () => {
      for (let round = 0; round < KILLS; round += 1) {
        const ids = Array.from({ length: 50 }, (_, n) => `${round}-${n}`);
        const json = { atomic: true, operations: ids.map((id) => ({ method: 'POST', body: { id, name: 'x' } })) };
        const send = (api: Caller) => api.post('/batch', json, { headers: { 'idempotency-key': `round-${round}` } });
        // Its answer is lost, whether or not it was sent.
        const killed = await running();
        const lost = send(killed.caller()).catch(() => undefined);
        while ((await watcher.query(`SELECT 1 FROM item_versions WHERE item_id = '${round}-49'`)).length === 0)
          await delay(1);
        killed.signal('SIGKILL');
        service = undefined;
        await Promise.all([killed.ended, lost]);
        expect(await watcher.query(`SELECT 1 FROM item_versions WHERE item_id LIKE '${round}-%'`)).toHaveLength(
          ids.length,
        );

        const answer = (await send(here.api)).expect(200);
        expect(answer.headers['idempotency-replayed']).toBe('true');
        expect(answer.json.results).toMatchObject(
          ids.map((id) => ({ status: 201, headers: { Location: `/items/${id}` }, body: { id, version: 1 } })),
        );
      }
      const versions = await queryDirectly(
        database.config,
        "SELECT item_id FROM item_versions WHERE item_id LIKE '%-%'",
      );
      expect(versions).toHaveLength(50 * KILLS);
    },
    TEST_TIMEOUT_MS,
  );
});
