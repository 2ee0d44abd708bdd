import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpException } from '@nestjs/common';
import type { DatabaseFault } from '../../../src/database/faults/database-fault.js';
import { NO_CONDITIONS } from '../../../src/http/fields/conditions/preconditions.js';
import { entityTagOf } from '../../../src/items/item-etag.js';
import { ErasureService } from '../../../src/items/erasure.service.js';
import { ItemsService } from '../../../src/items/items.service.js';
import { connectDirectly, queryDirectly, type DirectConnection } from '../../support/database/direct-sql.js';
import { refuseName } from '../../support/database/faults.js';
import type { Caller } from '../../support/caller.js';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { COMMAND_KINDS, ItemModel, type CommandKind } from '../../support/item-model.js';
import { commandCount, SEED, seededRandom } from '../../support/random.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

const COMMANDS = commandCount(sized(600, 3_000));
/** So few that each has a long history. */
const IDS = 25;
const TERMS = { actor: 'a', requestId: 'r', conditions: NO_CONDITIONS };

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp();
});
afterAll(() => service?.close());

interface VersionRow {
  item_id: string;
  version: number;
  operation: string;
}

const versionsOf = (pattern: string, { config }: Pick<TestDatabase, 'config'> = service.database) =>
  queryDirectly(
    config,
    `SELECT item_id, version, operation FROM item_versions WHERE item_id LIKE '${pattern}' ORDER BY item_id, seq`,
  ) as Promise<unknown> as Promise<VersionRow[]>;

/** Versions that break the sequence 1, 2, 3 …, in the order in which they were written. */
function gapsIn(versions: VersionRow[]): string[] {
  const next = new Map<string, number>();
  const gaps = versions.filter(({ item_id: id, version }) => {
    const expected = (next.get(id) ?? 0) + 1;
    next.set(id, version);
    return version !== expected;
  });
  return gaps.map(({ item_id: id, version }) => `${id} ${version}`);
}

describe('groups of commands', () => {
  it(`${COMMANDS} random commands on ${IDS} ids end as if done one by one (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const pick = (limit: number) => Math.floor(random() * limit);
    const carryOut = inOrder(service.app.get(ItemsService), service.app.get(ErasureService));
    const model = new ItemModel();
    const expected: string[] = [];
    const done: Promise<string>[] = [];

    for (let n = 0; n < COMMANDS; n += 1) {
      const kind = COMMAND_KINDS[pick(COMMAND_KINDS.length)] as CommandKind;
      const [id, name] = [`model-${pick(IDS)}`, `name ${pick(3)}`];
      // The current version, or another one.
      const expects =
        kind !== 'create' && kind !== 'erase' && pick(3) === 0 ? model.versionOf(id) - pick(2) : undefined;
      // Any version that there was, and the next one.
      const restores = 1 + pick(model.versionOf(id) + 1);
      expected.push(model.carryOut(kind, id, name, expects, restores));
      done.push(carryOut(kind, id, name, expects, restores));
      // Some wait for an answer now and then, so that groups of all sizes form.
      if (pick(40) === 0) await done.at(-1);
    }

    expect(await Promise.all(done)).toEqual(expected);
    // Every outcome occurred.
    expect(new Set(expected.map((one) => one.replace(/^version.*/, 'done')))).toEqual(
      new Set(['done', 'deleted', '404', '409', '410', '412']),
    );
    expect(gapsIn(await versionsOf('model-%'))).toEqual([]);
    const total = model.ids.reduce((sum, id) => sum + model.versionOf(id), 0);
    expect(await versionsOf('model-%')).toHaveLength(total);
    for (const id of model.ids) {
      const { status, json } = await service.api.get(`/items/${id}`);
      const name = model.nameOf(id);
      const there = [200, name, model.versionOf(id)];
      expect([status, json.name, json.version]).toEqual(name === undefined ? [404, undefined, undefined] : there);
    }
  });

  it('200 creates at once of 100 ids, and ten times each of 10 more: 110 × 201 and 90 × 409', async () => {
    const ids = Array.from({ length: 200 }, (_, n) => (n < 100 ? `once-${n}` : `often-${n % 10}`));
    const answers = await Promise.all(ids.map((id) => service.api.post('/items', { id, name: 'x' })));
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(201), count(409)]).toEqual([110, 90]);
    expect(gapsIn(await versionsOf('o%-%'))).toEqual([]);
  });

  it('one command whose data the database refuses fails alone among fifty', async () => {
    const mend = await refuseName(service, 'poison');
    const items = service.app.get(ItemsService);
    const create = (name: string) =>
      items.create({ id: name.replace(' ', '-'), name }, TERMS).then(
        ({ item }) => item.version,
        ({ kind }: DatabaseFault) => kind,
      );
    // The fifty come while one or two are in flight.
    const ahead = ['ahead 1', 'ahead 2'].map(create);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => create(n === 23 ? 'poison' : `fifty ${n}`)),
    );
    expect(await Promise.all(ahead)).toEqual([1, 1]);
    expect(outcomes.splice(23, 1)).toEqual(['refused']);
    expect(outcomes).toEqual(outcomes.map(() => 1));
    (await service.api.post('/items', { id: 'poison', name: 'poison' })).expect(500, 'unexpected');
    await mend();
    (await service.api.get('/items/poison')).expect(404, 'item-not-found');
    expect(await versionsOf('fifty-%')).toHaveLength(49);
  });
});

describe('two processes on one database', () => {
  let database: TestDatabase;
  let here: TestApp;
  let follower: DirectConnection | undefined;
  let apis: Caller[];
  beforeAll(async () => {
    database = await migratedDatabase();
    const environment = { DATABASE_URL: database.url, SEED: 'off', LOG_LEVEL: 'info', DATABASE_TIMEOUT_MS: '10000' };
    const other = await ServiceProcess.start({ environment });
    here = await startTestApp({ database: { ...database.config, timeoutMs: 10_000 } });
    apis = [other.caller(), here.api];
  });
  afterAll(async () => {
    await killServices();
    await follower?.close();
    await here?.close();
    await database.drop();
  });

  it(`[P3] one 201 for each id that both create, and no gap in what both replace (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const calls = Array.from({ length: commandCount(sized(120, 800)) }, (_, n) => {
      const api = apis[n % 2] as Caller;
      const id = `both-${Math.floor(random() * 20)}`;
      return n % 4 < 2 ? api.post('/items', { id, name: `${n}` }) : api.put(`/items/${id}`, { name: `${n}` });
    });
    const answers = await Promise.all(calls);
    expect(answers.filter(({ status }) => ![200, 201, 409].includes(status))).toEqual([]);
    const versions = await versionsOf('both-%', database);
    expect(gapsIn(versions)).toEqual([]);
    const created = answers.filter(({ status }) => status === 201).length;
    expect(versions.filter(({ operation }) => operation === 'create')).toHaveLength(created);
    expect(versions).toHaveLength(answers.filter(({ status }) => status < 300).length);
  });

  it('a reader that follows the sequence while both write misses nothing', async () => {
    const ROUNDS = sized(8, 30);
    const seen: string[] = [];
    let position = 0;
    const reader = (follower = await connectDirectly(database.config));
    const follow = async () => {
      const rows = (await reader.query(
        `SELECT seq, item_id, version FROM item_versions WHERE seq > ${position} ORDER BY seq`,
      )) as { seq: number | string; item_id: string; version: number }[];
      for (const row of rows) seen.push(`${row.item_id} ${row.version}`);
      position = Number(rows.at(-1)?.seq ?? position);
    };
    const writing = new AbortController();
    const following = (async () => {
      while (!writing.signal.aborted) await follow();
      await follow();
    })();
    const writers = apis.flatMap((api, process) =>
      Array.from({ length: 8 }, async (_, n) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          (await api.put(`/items/follow-${process}-${n}`, { name: `round ${round}` })).expect(round === 0 ? 201 : 200);
        }
      }),
    );
    await Promise.all(writers);
    writing.abort();
    await following;
    const all = (await versionsOf('%', database)).map(({ item_id: id, version }) => `${id} ${version}`);
    expect(all.filter((one) => one.startsWith('follow-'))).toHaveLength(16 * ROUNDS);
    expect(seen.toSorted()).toEqual(all.toSorted());
  });
});

/**
 * Carries out commands of the model, those on one id in their order, and returns each outcome in the words of the model. A
 * command that expects a version waits for the answers before it, which tell its tag. The others don't wait.
 */
function inOrder(items: ItemsService, erasure: ErasureService) {
  const tags = new Map<string, string>();
  const turns = new Map<string, Promise<unknown>>();
  const answers = new Map<string, Promise<string>>();
  return (kind: CommandKind, id: string, name: string, expects?: number, restores = 0): Promise<string> => {
    const turn = (expects === undefined ? turns : answers).get(id) ?? Promise.resolve();
    const answer = turn.then(async () => {
      const tag = tags.get(`${id} ${expects}`) ?? '"none"';
      const terms = { ...TERMS, conditions: expects === undefined ? NO_CONDITIONS : { ifMatch: [tag] } };
      const start = {
        create: () => items.create({ id, name }, terms),
        replace: () => items.replace(id, { name }, terms),
        patch: () => items.patch(id, { kind: 'merge', document: { name } }, terms),
        delete: () => items.delete(id, terms),
        restore: () => items.restore(id, { version: restores }, terms),
        erase: () => erasure.erase(id, terms),
      }[kind];
      try {
        const { item } = await start();
        tags.set(`${id} ${item.version}`, entityTagOf(item));
        return kind === 'delete' || kind === 'erase' ? 'deleted' : `version ${item.version}`;
      } catch (error) {
        if (error instanceof HttpException) return `${error.getStatus()}`;
        throw error;
      }
    });
    turns.set(id, turn);
    answers.set(id, answer);
    return answer;
  };
}
