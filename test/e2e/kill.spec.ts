import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { queryDirectly } from '../support/direct-sql.js';
import { newDatabase, type TestDatabase } from '../support/engine.js';
import { SEED, seededRandom } from '../support/random.js';
import { killServices, ServiceProcess } from '../support/service-process.js';

const KILLS = 20;
const WRITERS = 8;
const TEST_TIMEOUT_MS = 240_000;

let database: TestDatabase;
beforeEach(async () => {
  database = await newDatabase();
});
afterEach(async () => {
  await killServices();
  await database.drop();
});

describe('SIGKILL', () => {
  // A kill strikes where it strikes: the seed only fixes after how many acknowledged writes it is sent.
  it(
    `loses nothing acknowledged and leaves nothing half done, at ${KILLS} moments under load (seed ${SEED})`,
    async () => {
      const random = seededRandom(SEED);
      const acknowledged = new Map<string, number>();
      for (let round = 0; round < KILLS; round += 1) {
        await killUnderLoad(1 + Math.floor(random() * 100), acknowledged);
      }
      const items = await queryDirectly(database.config, 'SELECT id, version, name FROM items');
      const stored = new Map(items.map(({ id, version }) => [id as string, version as number]));
      for (const [id, version] of acknowledged) expect(stored.get(id) ?? 0).toBeGreaterThanOrEqual(version);
      const versions = await queryDirectly(
        database.config,
        `SELECT v.item_id, count(*) AS count, max(v.version) AS last FROM item_versions v GROUP BY v.item_id`,
      );
      const complete = versions.map(({ item_id: id, count, last }) => [id, Number(count), Number(last)]);
      const expected = items.map(({ id, version }) => [id, version, version]);
      expect(complete.toSorted()).toEqual(expected.toSorted());
      const unlike = await queryDirectly(
        database.config,
        `SELECT i.id FROM items i JOIN item_versions v ON v.item_id = i.id AND v.version = i.version
         WHERE v.snapshot ->> 'name' <> i.name`,
      );
      expect(unlike).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );
});

/** Writes until so many answers are there, then kills the service amid the writes that run. */
async function killUnderLoad(afterAnswers: number, acknowledged: Map<string, number>): Promise<void> {
  const service = await ServiceProcess.start({ environment: { DATABASE_URL: database.url, LOG_LEVEL: 'info' } });
  let answers = 0;
  const write = async (writer: number) => {
    const api = service.caller();
    const id = `writer-${writer}`;
    for (let n = 0; ; n += 1) {
      const { json } = await api.put(`/items/${id}`, { name: `${afterAnswers} ${n}` });
      acknowledged.set(id, json.version as number);
      const fresh = (await api.post('/items', { id: `${id}-${acknowledged.get(id)}`, name: 'new' })).expect(201);
      acknowledged.set(fresh.json.id as string, 1);
      answers += 2;
      if (answers >= afterAnswers) service.signal('SIGKILL');
    }
  };
  await Promise.allSettled(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  await service.ended;
}
