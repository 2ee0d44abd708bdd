import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FeedHead } from '../../../src/items/changes/feed-head.js';
import { OPERATIONS } from '../../../src/operations.js';
import { credentialFor } from '../../support/access/default-access.js';
import type { Answer } from '../../support/answer.js';
import { declaredAnswers } from '../../support/coverage/declared.js';
import { makeItemFor, validRequest } from '../../support/coverage/requests.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { describeOnServer, engine } from '../../support/database/engine.js';
import { holdTurn } from '../../support/database/faults.js';
import { prepareLostConnections, type LostConnections } from '../../support/database/lost-connections.js';
import { EventStream } from '../../support/requests/event-stream.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let lost: LostConnections;
let service: TestApp;
beforeAll(async () => {
  lost = await prepareLostConnections();
  service = await startTestApp({ database: lost.database });
});
afterEach(() => lost.mend());
afterAll(async () => {
  lost?.mend();
  await service?.close();
  await lost?.remove();
});

const versionsOf = async (id: string) => {
  const statement = `SELECT version, operation FROM item_versions WHERE item_id = '${id}' ORDER BY seq`;
  return (await queryDirectly(lost.direct, statement)).map(({ operation }) => operation);
};

/** One write of each kind to this id. In this order all succeed. */
const writes = (id: string): [status: number, call: () => Promise<Answer>][] => [
  [201, () => service.api.post('/items', { id, name: 'one' })],
  [200, () => service.api.put(`/items/${id}`, { name: 'two' })],
  [204, () => service.api.delete(`/items/${id}`)],
  [201, () => service.api.put(`/items/${id}`, { name: 'three' })],
];

describeOnServer('a lost connection to the database', () => {
  it('costs no write its answer, and makes none twice, if the outcome can be known', async () => {
    for (const [n, { name, begin }] of lost.survived.entries()) {
      for (const [status, call] of writes(`survivor-${n}`)) {
        begin();
        expect({ name, status: (await call()).status }).toEqual({ name, status });
      }
      expect([name, await versionsOf(`survivor-${n}`)]).toEqual([name, ['create', 'replace', 'delete', 'create']]);
    }
  });

  it('fails no write of a group, and makes none twice', async () => {
    for (const [n, { begin }] of lost.survived.entries()) {
      begin();
      const ids = Array.from({ length: 20 }, (_, m) => `group-${n}-${m}`);
      const answers = await Promise.all(ids.map((id) => service.api.post('/items', { id, name: 'x' })));
      for (const answer of answers) answer.expect(201);
      for (const id of ids) expect(await versionsOf(id)).toEqual(['create']);
    }
  });

  it('costs no write under the lock its answer, and makes none twice', async () => {
    for (const [n, { name, begin }] of lost.survivedUnderLock.entries()) {
      const id = `locked-${n}`;
      const turn = await holdTurn(lost.direct);
      const put = service.api.put(`/items/${id}`, { name: 'x' });
      await turn.waitForService();
      begin();
      // The waiting write has decided to create the item.
      await turn.writeVersion(id);
      await turn.release();
      const { status, json } = await put;
      expect({ name, status, version: json.version }).toEqual({ name, status: 200, version: 2 });
      expect([name, await versionsOf(id)]).toEqual([name, ['create', 'replace']]);
    }
  });

  it('503 storage-unavailable if it is lost at every try, and nothing changes', async () => {
    for (const { begin } of lost.unsurvived) {
      begin();
      (await service.api.post('/items', { id: 'refused', name: 'x' })).expect(503, 'storage-unavailable');
      lost.mend();
      expect(await versionsOf('refused')).toEqual([]);
    }
    (await service.api.post('/items', { id: 'refused', name: 'x' })).expect(201);
    (await service.api.delete('/items/refused')).expect(204);
  });

  it('503 outcome-unknown from every operation whose write can’t be looked up, and it is not repeated', async () => {
    const declared = declaredAnswers().filter(({ code, engines }) => {
      return code === 'outcome-unknown' && engines.includes(engine);
    });
    const givers = OPERATIONS.filter(({ id }) => declared.some(({ operation }) => operation === id));
    for (const [n, { begin, isWritten }] of lost.unknowable.entries()) {
      for (const operation of givers) {
        const id = `unknown-${n}-${operation.id}`;
        await makeItemFor(operation, id, service.api);
        const before = await versionsOf(id);
        begin();
        const { target, ...options } = validRequest(operation, id);
        const answer = await service.api.call(operation.method, target, options);
        expect(answer.expect(503, 'outcome-unknown').json.retryable).toBe(false);
        expect(answer.headers['retry-after']).toBe('1');
        lost.mend();
        expect((await versionsOf(id)).length - before.length).toBe(isWritten ? 1 : 0);
      }
    }
  });

  it('503 outcome-unknown is retryable under a key or a precondition, and the retry makes nothing twice', async () => {
    const safe: [fields: Record<string, string>, ifWritten: number][] = [
      [{ 'idempotency-key': 'safe' }, 200],
      [{ 'if-match': 'TAG' }, 412],
    ];
    for (const [n, { begin, isWritten }] of lost.unknowable.entries()) {
      for (const [m, [fields, ifWritten]] of safe.entries()) {
        const id = `safe-${n}-${m}`;
        (await service.api.put(`/items/${id}`, { name: 'before' })).expect(201);
        const tag = await service.api.entityTagOf(`/items/${id}`);
        const headers = Object.fromEntries(
          Object.entries(fields).map(([name, value]) => [name, value.replace('safe', id).replace('TAG', tag)]),
        );
        const put = () => service.api.put(`/items/${id}`, { name: 'after' }, { headers });
        begin();
        expect((await put()).expect(503, 'outcome-unknown').json.retryable).toBe(true);
        lost.mend();
        expect((await put()).status).toBe(isWritten ? ifWritten : 200);
        expect(await versionsOf(id)).toEqual(['create', 'replace']);
      }
      for (const fields of [{ 'if-match': '*' }, { 'if-none-match': '"7"' }] as Record<string, string>[]) {
        begin();
        const answer = await service.api.put(
          `/items/safe-${n}-0`,
          { name: JSON.stringify(fields) },
          { headers: fields },
        );
        expect(answer.expect(503, 'outcome-unknown').json.retryable).toBe(false);
        lost.mend();
      }
    }
  });
});

describeOnServer('a connection to the database lost during a read', () => {
  it('[P68] 503 storage-unavailable to the read alone, and 200 to the next', async () => {
    (await service.api.put('/items/read', { name: 'read' })).expect(201);
    for (const { name, path, begin } of lost.ofReads) {
      (await service.api.get(path)).expect(200);
      begin();
      const { status, headers } = await service.api.get(path);
      expect({ name, status, retryAfter: headers['retry-after'] }).toEqual({ name, status: 503, retryAfter: '1' });
      (await service.api.get(path)).expect(200);
    }
  });

  it('[P68] 503 to a long poll, which misses nothing when it comes again; streams stay', async () => {
    for (const [n, { begin }] of lost.ofFeedHead.entries()) {
      const id = `followed-${n}`;
      const { position } = (await service.api.get('/changes/latest')).expect(200).json;
      const target = `/changes?after=${position}`;
      const { authorization } = credentialFor(service.api.url);
      const stream = await EventStream.open(service.api.url, target, authorization ? { authorization } : {});
      const poll = service.api.get(`${target}&wait=30`);
      while (service.app.get(FeedHead).followers.size < 2) await delay(2);
      begin();
      (await poll).expect(503, 'storage-unavailable');
      (await service.api.put(`/items/${id}`, { name: 'x' })).expect(201);
      const { changes } = (await service.api.get(`${target}&wait=30`)).expect(200).json;
      expect(changes).toMatchObject([{ id, version: 1 }]);
      expect((await stream.take(1)).map(({ data }) => (JSON.parse(data!) as { id: string }).id)).toEqual([id]);
      stream.close();
    }
  });

  it('[P68] costs no batch its answer, and makes no operation twice', async () => {
    // Silence costs DATABASE_TIMEOUT_MS, and is the same for single changes.
    const losses = lost.survived.filter(({ name }) => !name.includes('silence'));
    for (const [n, { begin }] of losses.entries()) {
      for (const atomic of [true, false]) {
        const ids = [1, 2].map((m) => `batched-${n}-${atomic}-${m}`);
        begin();
        const operations = ids.map((id) => ({ method: 'PUT', id, body: { name: 'x' } }));
        (await service.api.post('/batch', { atomic, operations })).expect(atomic ? 200 : 207);
        lost.mend();
        for (const id of ids) expect(await versionsOf(id)).toEqual(['create']);
      }
    }
  });
});

describe('a write that waits for its turn when all connections are lost', () => {
  it('is made, and made once', async () => {
    const turn = await holdTurn(lost.direct);
    const post = service.api.post('/items', { id: 'waited', name: 'x' });
    await turn.waitForService();
    lost.loseAll();
    await turn.waitForRetry();
    await turn.release();
    (await post).expect(201);
    expect(await versionsOf('waited')).toEqual(['create']);
  });

  it('503 if its process in the server can’t be ended, and it is not made later', async () => {
    const turn = await holdTurn(lost.direct);
    const post = service.api.post('/items', { id: 'frozen', name: 'x' });
    await turn.waitForService();
    turn.freeze();
    lost.loseAll();
    const answer = await post.finally(turn.thaw);
    await turn.waitForItsEnd();
    await turn.release();
    answer.expect(503, lost.unendable);
    expect(await versionsOf('frozen')).toEqual([]);
  });
});
