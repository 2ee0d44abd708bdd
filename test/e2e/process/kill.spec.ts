import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../support/answer.js';
import type { Caller } from '../../support/caller.js';
import { connectDirectly, queryDirectly, type DirectConnection } from '../../support/database/direct-sql.js';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { SEED, seededRandom } from '../../support/random.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

const KILLS = sized(1, 10);
const WRITERS = 8;
const TEST_TIMEOUT_MS = 240_000;

let database: TestDatabase;
let watcher: DirectConnection | undefined;
/** A process that is not killed: this one. */
let here: TestApp | undefined;
beforeEach(async () => {
  database = await migratedDatabase();
});
afterEach(async () => {
  await killServices();
  await watcher?.close();
  await here?.close();
  await database.drop();
});

/** Versions that were acknowledged, by id. */
const acknowledged = new Map<string, number>();
/** Ids of creates under a key whose answer never came. The key is the id. */
const unanswered = new Set<string>();

const create = (api: Caller, id: string): Promise<Answer> =>
  api.post('/items', { id, name: 'new' }, { headers: { 'idempotency-key': id } });

describe('SIGKILL', () => {
  // Where the kill strikes varies. The seed only fixes after how many acknowledged writes it comes.
  it(
    `[M8] loses nothing acknowledged, leaves nothing half done, and a retry gives what was recorded (${KILLS} kills, seed ${SEED})`,
    async () => {
      const random = seededRandom(SEED);
      for (let round = 0; round < KILLS; round += 1) await killUnderLoad(round, 1 + Math.floor(random() * 100));
      here = await startTestApp({ database: database.config });
      await retry(here.api);

      const items = await queryDirectly(database.config, 'SELECT id, version FROM items');
      const stored = new Map(items.map(({ id, version }) => [id as string, version as number]));
      expect(acknowledged.size).toBeGreaterThan(KILLS);
      for (const [id, version] of acknowledged) expect(stored.get(id)).toBeGreaterThanOrEqual(version);
      const versions = await queryDirectly(
        database.config,
        'SELECT item_id, count(*) AS count, max(version) AS last FROM item_versions GROUP BY item_id',
      );
      const complete = versions.map(({ item_id: id, count, last }) => [id, Number(count), Number(last)]);
      expect(complete.toSorted()).toEqual(items.map(({ id, version }) => [id, version, version]).toSorted());
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

/** Writes until this many answers have come, then kills the service once an unanswered create is committed. */
async function killUnderLoad(round: number, afterAnswers: number): Promise<void> {
  const service = await ServiceProcess.start({ environment: { DATABASE_URL: database.url } });
  await retry(service.caller());
  let answers = 0;
  const write = async (writer: number) => {
    const api = service.caller();
    for (let n = 0; ; n += 1) {
      const { json, status } = await api.put(`/items/writer-${writer}`, { name: `${round} ${n}` });
      expect([200, 201]).toContain(status);
      acknowledged.set(`writer-${writer}`, json.version as number);
      const id = `new-${round}-${writer}-${n}`;
      unanswered.add(id);
      (await create(api, id)).expect(201);
      unanswered.delete(id);
      acknowledged.set(id, 1);
      answers += 2;
      if (answers >= afterAnswers && answers - 2 < afterAnswers) void killBetweenCommitAndAnswer(service, round);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  // Only the kill ended them.
  for (const end of ends) expect(end).toMatchObject({ reason: { code: expect.stringMatching(/^ECONN|^EPIPE$/) } });
  await service.ended;
}

// The answer is ignored, so it is lost, whether or not it was sent.
async function killBetweenCommitAndAnswer(service: ServiceProcess, round: number): Promise<void> {
  const id = `committed-${round}`;
  unanswered.add(id);
  create(service.caller(), id).catch(() => undefined);
  watcher ??= await connectDirectly(database.config);
  while ((await watcher.query(`SELECT 1 FROM item_versions WHERE item_id = '${id}'`)).length === 0) await delay(1);
  service.signal('SIGKILL');
}

async function retry(api: Caller): Promise<void> {
  for (const id of unanswered) {
    const answer = (await create(api, id)).expect(201);
    expect(answer.json).toMatchObject({ id, version: 1 });
    // A create that was not seen as committed may be carried out now.
    const isReplay = answer.headers['idempotency-replayed'] === 'true';
    expect([id, isReplay || !id.startsWith('committed-')]).toEqual([id, true]);
    acknowledged.set(id, 1);
  }
  unanswered.clear();
}
