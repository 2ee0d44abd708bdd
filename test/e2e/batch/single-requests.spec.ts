import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { entityTagOf } from '../../../src/items/item-etag.js';
import type { Answer } from '../../support/answer.js';
import { batchText, randomOperation, type TestOperation } from '../../support/batches/random-operations.js';
import { asResult, comparable, sendAlone, type Result } from '../../support/batches/single-requests.js';
import { connectDirectly, type DirectConnection } from '../../support/database/direct-sql.js';
import { commandCount, IS_USUAL_SEED, SEED, seededRandom } from '../../support/random.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

/** Atomic batches. */
const ATOMIC = commandCount(sized(18, 80));

const PREFERENCES = [undefined, undefined, 'return=minimal', 'return=representation'];

/** Statuses by which a request is refused whatever the state of the items is. */
const REFUSED_BEFORE_STATE = [400, 413, 415];

describe.each([false, true])(
  'a batch and the same requests alone, REQUIRE_PRECONDITIONS=%s',
  (requirePreconditions) => {
    // Where most are refused, it takes longer until each status has occurred.
    const INDEPENDENT = commandCount(sized(requirePreconditions ? 28 : 16, 80));
    let batched: TestApp;
    let alone: TestApp;
    let [inBatched, inAlone]: DirectConnection[] = [];
    const random = seededRandom(SEED + Number(requirePreconditions));
    beforeAll(async () => {
      [batched, alone] = await Promise.all([
        startTestApp({ requirePreconditions }),
        startTestApp({ requirePreconditions }),
      ]);
      [inBatched, inAlone] = await Promise.all(
        [batched, alone].map(({ config: { database } }) => connectDirectly(database)),
      );
    });
    afterAll(async () => {
      await Promise.all([inBatched?.close(), inAlone?.close()]);
      await Promise.all([batched?.close(), alone?.close()]);
    });

    const send = async (atomic: boolean, operations: TestOperation[], prefer?: string) => {
      const { text, starts } = batchText(atomic, operations);
      const headers = { 'content-type': 'application/json', ...(prefer !== undefined && { prefer }) };
      return { answer: await batched.api.call('POST', '/batch', { body: text, headers }), starts };
    };
    /** Some operations, for each service with the entity-tags of its items. */
    const someOperations = async (most: number) => {
      const seed = Math.floor(random() * 2 ** 31);
      const count = 1 + Math.floor(random() * most);
      return Promise.all(
        [inBatched, inAlone].map(async (database) => {
          const tags = await tagsIn(database);
          const own = seededRandom(seed);
          return Array.from({ length: count }, () =>
            randomOperation(own, (id) => tags.get(id), requirePreconditions ? 0.8 : 0.25),
          );
        }),
      ) as Promise<[TestOperation[], TestOperation[]]>;
    };
    const tagsIn = async (database?: DirectConnection) => {
      const items = await database!.query('SELECT id, version, revision FROM items WHERE deleted_at IS NULL');
      return new Map(
        items.map(({ id, ...state }) => [id, entityTagOf(state as { version: number; revision: string })]),
      );
    };
    const historyIn = (database?: DirectConnection) =>
      database!.query(
        'SELECT item_id, version, operation, CAST(snapshot AS text) AS snapshot, actor FROM item_versions ORDER BY seq',
      );
    /** Says whether anything was written. A batch that is refused writes no version. */
    const lastOfBatched = () => inBatched!.query('SELECT count(*) AS count, max(seq) AS last FROM item_versions');
    const pickPreference = () => PREFERENCES[Math.floor(random() * PREFERENCES.length)];

    it(`[N4] each result of ${INDEPENDENT} independent batches is what the request alone gets (seed ${SEED})`, async () => {
      const statuses = new Set<number>();
      for (let n = 0; n < INDEPENDENT; n += 1) {
        const [operations, same] = await someOperations(8);
        const prefer = pickPreference();
        const { answer, starts } = await send(false, operations, prefer);
        const { results } = answer.expect(207).json as unknown as { results: Result[] };
        const expected: Result[] = [];
        for (const [index, operation] of same.entries()) {
          expected.push(asResult(await sendAlone(alone.api, operation, prefer), index, starts[index]));
        }
        expect({ operations, results: results.map(comparable) }).toEqual({ operations, results: expected });
        for (const { status } of results) statuses.add(status);
      }
      expect(await historyIn(inBatched)).toEqual(await historyIn(inAlone));
      // Whether each of them occurs depends on the seed.
      const wanted = [200, 201, 204, 400, 404, 409, 412, 415, 422, ...(requirePreconditions ? [428] : [])];
      expect(wanted.filter((status) => !statuses.has(status)).length).toBeLessThanOrEqual(IS_USUAL_SEED ? 0 : 3);
    }, 240_000);

    it(`[N2] ${ATOMIC} atomic batches are carried out as the requests alone, or refused as the first of them (seed ${SEED})`, async () => {
      const counts = { whole: 0, refused: 0 };
      for (let n = 0; n < ATOMIC; n += 1) {
        const [operations, same] = (await someOperations(n % 3 === 0 ? 3 : 1)).map((list) => list.map(withoutKey)) as [
          TestOperation[],
          TestOperation[],
        ];
        const prefer = pickPreference();
        const before = await lastOfBatched();
        const { answer, starts } = await send(true, operations, prefer);
        const given = { operations, same, prefer, answer, starts };
        if (answer.status === 200) await expectCarriedOut(given);
        else await expectRefused(given, before);
        counts[answer.status === 200 ? 'whole' : 'refused'] += 1;
      }
      expect(await historyIn(inBatched)).toEqual(await historyIn(inAlone));
      expect(counts.whole).toBeGreaterThan(requirePreconditions ? 0 : 1);
      expect(counts.refused).toBeGreaterThan(5);
    }, 240_000);

    interface Given {
      operations: TestOperation[];
      same: TestOperation[];
      prefer: string | undefined;
      answer: Answer;
      starts: number[];
    }

    const resultsAlone = async ({ same, prefer, starts }: Given, count = same.length) => {
      const results: Result[] = [];
      for (const [index, operation] of same.slice(0, count).entries()) {
        results.push(asResult(await sendAlone(alone.api, operation, prefer), index, starts[index]));
      }
      return results;
    };

    const expectCarriedOut = async (given: Given) => {
      const { results } = given.answer.json as unknown as { results: Result[] };
      expect(results.map(comparable)).toEqual(await resultsAlone(given));
    };

    const expectRefused = async (given: Given, before: unknown) => {
      const { operations, same, prefer, answer, starts } = given;
      expect(await lastOfBatched()).toEqual(before);
      const { pointer } = answer.json.errors[0];
      const index = Number(/^\/operations\/(\d+)/.exec(pointer ?? '')?.[1]);
      // Those before it are carried out; here and there, so that both services go on alike.
      const carriedOut = REFUSED_BEFORE_STATE.includes(answer.status) ? 0 : index;
      for (const { status } of await resultsAlone(given, carriedOut)) expect(status).toBeLessThan(300);
      if (carriedOut > 0) (await send(true, operations.slice(0, carriedOut), prefer)).answer.expect(200);
      const { status, body } = asResult(await sendAlone(alone.api, same[index]!, prefer), index, starts[index]);
      const sent = comparable({ status: answer.status, headers: {}, body: JSON.parse(answer.text) as Result['body'] });
      const atOperation = [expect.objectContaining({ pointer: `/operations/${index}`, rule: 'operation' })];
      expect({ operations, ...sent }).toEqual({
        operations,
        status,
        headers: {},
        body: { ...body, errors: body?.errors ?? atOperation },
      });
    };
  },
);

function withoutKey(operation: TestOperation): TestOperation {
  const copy = { ...operation };
  delete copy.idempotencyKey;
  return copy;
}
