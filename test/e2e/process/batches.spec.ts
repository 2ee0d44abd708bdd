import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Caller } from '../../support/caller.js';
import { connectDirectly, queryDirectly, type DirectConnection } from '../../support/database/direct-sql.js';
import { newDatabase, type TestDatabase } from '../../support/database/engine.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';

const KILLS = 3;
const TEST_TIMEOUT_MS = 240_000;

let database: TestDatabase;
let watcher: DirectConnection | undefined;
beforeEach(async () => {
  database = await newDatabase();
});
afterEach(async () => {
  await killServices();
  await watcher?.close();
  watcher = undefined;
  await database.drop();
});

const start = () => ServiceProcess.start({ environment: { DATABASE_URL: database.url } });

describe('batches of several processes', () => {
  it(
    `[N27] a batch that was killed between commit and answer is carried out once, and its repeat gets its answers (${KILLS} kills)`,
    async () => {
      watcher = await connectDirectly(database.config);
      for (let round = 0; round < KILLS; round += 1) {
        const ids = Array.from({ length: 50 }, (_, n) => `${round}-${n}`);
        const json = { atomic: true, operations: ids.map((id) => ({ method: 'POST', body: { id, name: 'x' } })) };
        const send = (api: Caller) => api.post('/batch', json, { headers: { 'idempotency-key': `round-${round}` } });
        const service = await start();
        // Its answer is lost, whether or not it was sent.
        const lost = send(service.caller()).catch(() => undefined);
        while ((await watcher.query(`SELECT 1 FROM item_versions WHERE item_id = '${round}-49'`)).length === 0);
        service.signal('SIGKILL');
        await Promise.all([service.ended, lost]);
        expect(await watcher.query(`SELECT 1 FROM item_versions WHERE item_id LIKE '${round}-%'`)).toHaveLength(
          ids.length,
        );

        const next = await start();
        const answer = (await send(next.caller())).expect(200);
        expect(answer.headers['idempotency-replayed']).toBe('true');
        expect(answer.json.results).toMatchObject(
          ids.map((id) => ({ status: 201, headers: { Location: `/items/${id}` }, body: { id, version: 1 } })),
        );
        await next.stop();
      }
      const versions = await queryDirectly(
        database.config,
        "SELECT item_id FROM item_versions WHERE item_id LIKE '%-%'",
      );
      expect(versions).toHaveLength(50 * KILLS);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    '[N29] race with single requests: an atomic batch sees all of its items between two of their changes, or is refused',
    async () => {
      const services = await Promise.all([start(), start()]);
      const [one, other] = services.map((service) => service.caller()) as [Caller, Caller];
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
        for (let n = 0; n < 40; n += 1) expect([200, 412]).toContain(await addToAll(api));
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
      await Promise.all(services.map((service) => service.stop()));
    },
    TEST_TIMEOUT_MS,
  );
});
