import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { ItemChanges } from '../../../src/items/store/changes/item-changes.js';
import { FeedHead } from '../../../src/items/changes/feed-head.js';
import { AnswersUnderWay } from '../../../src/http/wire/answers-under-way.js';
import { Caller } from '../../support/caller.js';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { sendApart, sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let database: TestDatabase;
let service: TestApp;
/** Services of one test. */
const apart: TestApp[] = [];
const start = async (settings = {}) => {
  const other = await startTestApp({ database: database.config, auth: 'off', ...settings });
  apart.push(other);
  return other;
};
beforeAll(async () => {
  database = await migratedDatabase();
  service = await startTestApp({ database: database.config, auth: 'off', maxFollowers: 3, maxWaiting: 4 });
});
afterEach(async () => {
  for (const other of apart.splice(0)) await other.close();
  // Whoever still waits gets its answer.
  pass(60);
  const head = service.app.get(FeedHead);
  while (head.attending.size > 0) await delay(2);
  // As it is when nobody has followed for a while.
  head.beforeApplicationShutdown();
});
afterAll(async () => {
  await service?.close();
  await database.drop();
});

const latest = async (of = service): Promise<string> => (await of.api.get('/changes/latest')).expect(200).json.position;
const put = async (id: string, of = service) => {
  const answer = await of.api.put(`/items/${id}`, { name: `${Math.random()}` });
  expect([200, 201]).toContain(answer.status);
};
const pass = (seconds: number) => void (service.clock.now = new Date(service.clock.now.getTime() + seconds * 1_000));
const waiting = () => service.app.get(AnswersUnderWay).whole.waiting;
/** Waits until so many follow. */
const followed = async (count: number, of = service) => {
  const { followers } = of.app.get(FeedHead);
  while (followers.size !== count) await delay(2);
};
const idsIn = (page: { json: { changes: { id: string }[] } }) => page.json.changes.map(({ id }) => id);

describe('GET /changes with wait', () => {
  it('[Q11] 200 as soon as there is a change, and until then no place among those that wait', async () => {
    const position = await latest();
    const polls = [1, 2, 3].map(() => service.api.get(`/changes?after=${position}&wait=60`));
    await followed(3);
    expect(waiting()).toBe(0);
    await put('a');
    for (const poll of await Promise.all(polls)) {
      expect(idsIn(poll.expect(200))).toEqual(['a']);
      expect(poll.json.position).toBe(poll.json.changes[0].position);
    }
    expect(await latest()).not.toBe(position);
  });

  it('[Q11] 200 at once if there is one already, with include=none and limit as without wait', async () => {
    const position = await latest();
    await put('a');
    await put('b');
    const page = (await service.api.get(`/changes?after=${position}&wait=60&limit=1&include=none`)).expect(200);
    expect(idsIn(page)).toEqual(['a']);
    expect(page.json.changes[0]).not.toHaveProperty('item');
    expect(idsIn(await service.api.get(`/changes?after=${page.json.position}&wait=60`))).toEqual(['b']);
  });

  it('[Q11] 200 with none, and the same position, when the time is over', async () => {
    const position = await latest();
    for (const after of [position, 'now']) {
      const poll = service.api.get(`/changes?after=${after}&wait=60`);
      await followed(1);
      pass(59);
      pass(1);
      expect((await poll).expect(200).json).toEqual({ changes: [], position });
      await followed(0);
    }
  });

  it('[Q11] 200 for the items that were asked for, and a later position if only others changed', async () => {
    const position = await latest();
    const poll = service.api.get(`/changes?after=${position}&wait=60&ids=wanted`);
    await followed(1);
    await put('other');
    await put('wanted');
    expect(idsIn((await poll).expect(200))).toEqual(['wanted']);
    const none = service.api.get(`/changes?after=now&wait=10&ids=wanted`);
    await followed(1);
    await put('other');
    const others = service.api.get('/changes?after=now&wait=10');
    await followed(2);
    pass(10);
    expect((await none).expect(200).json).toEqual((await others).expect(200).json);
  });

  it('[Q11] 200 for the items that were asked for, if more than limit others changed before and it must wait', async () => {
    const position = await latest();
    const others = service.api.get(`/changes?after=${position}&wait=60&ids=none`);
    await followed(1);
    for (let n = 0; n < 5; n += 1) await put('other');
    const poll = service.api.get(`/changes?after=${position}&wait=60&limit=1&ids=wanted`);
    await Promise.race([followed(2), poll]);
    await put('wanted');
    expect(idsIn((await poll).expect(200))).toEqual(['wanted']);
    for (let n = 0; n < 5; n += 1) await put('other');
    const none = service.api.get(`/changes?after=${position}&wait=10&limit=1&ids=nothing`);
    await Promise.race([followed(2), none]);
    pass(10);
    expect((await none).expect(200).json).toEqual({ changes: [], position: await latest() });
    pass(60);
    await others;
  });

  it('[Q12] 200 at once for a change of its own process, without a poll of the database', async () => {
    const poll = service.api.get('/changes?after=now&wait=60');
    await followed(1);
    Object.assign(service.app.get(FeedHead), { pausedUntil: Infinity });
    // It reads once when somebody joins.
    while (Reflect.get(service.app.get(FeedHead), 'isReading') === true) await nextTurn();
    await put('a');
    expect(idsIn((await poll).expect(200))).toEqual(['a']);
  });

  it('[Q12] 200 for a change that another process makes', async () => {
    const poll = service.api.get(`/changes?after=now&wait=60`);
    await followed(1);
    await put('elsewhere', await start());
    expect(idsIn((await poll).expect(200))).toEqual(['elsewhere']);
  });

  it('[Q12] one query serves all who follow, also those who come again after each change', async () => {
    const crowded = await start();
    const changes = crowded.app.get(ItemChanges);
    const findPage = changes.findPage.bind(changes);
    const asked = { head: 0, pages: 0 };
    changes.findPage = (query, by) => {
      asked[by ?? 'pages'] += 1;
      return findPage(query, by);
    };
    let position = await latest(crowded);
    const met: string[][] = Array.from({ length: 20 }, () => []);
    for (const id of ['a', 'b', 'c', 'd']) {
      const polls = met.map(() => crowded.api.get(`/changes?after=${position}&wait=60`));
      await followed(20, crowded);
      await put(id, crowded);
      const pages = await Promise.all(polls);
      for (const [n, page] of pages.entries()) met[n]!.push(...idsIn(page.expect(200)));
      position = pages[0]!.json.position;
    }
    expect(new Set(met.map(String))).toEqual(new Set(['a,b,c,d']));
    // Those who came before anybody followed have asked for themselves.
    expect(asked.pages).toBeLessThanOrEqual(20);
  });

  it('[Q13] 503 beyond MAX_FOLLOWERS, with Retry-After, and pages without wait go on', async () => {
    const polls = [1, 2, 3].map(() => service.api.get('/changes?after=now&wait=60'));
    await followed(3);
    const refused = (await service.api.get('/changes?after=now&wait=60')).expect(503, 'too-many-followers');
    expect(refused.headers['retry-after']).toBe('5');
    expect(refused.json.retryable).toBe(true);
    const stream = await service.api.get('/changes?after=now', { headers: { accept: 'text/event-stream' } });
    stream.expect(503, 'too-many-followers');
    (await service.api.get('/changes?after=now')).expect(200);
    await put('a');
    for (const poll of await Promise.all(polls)) poll.expect(200);
    const again = service.api.get('/changes?after=now&wait=60');
    await followed(1);
    await put('a');
    (await again).expect(200);
  });

  it('[Q14] 200 with none as soon as another request comes behind it on its connection', async () => {
    await put('a');
    const poll = 'GET /changes?after=now&wait=60 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
    const write = 'DELETE /items/a HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n';
    const [polled, deleted] = await sendRaw(service.api.url, 2, poll + write);
    expect(polled.expect(200).json.changes).toEqual([]);
    deleted.expect(204);
    const found = 'GET /items/none HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n';
    const answers = await sendApart(service.app.getHttpServer(), 2, poll, () => followed(1), found);
    expect(answers[0].expect(200).json.changes).toEqual([]);
    answers[1].expect(404, 'item-not-found');
  });

  it('200 with none as soon as broken bytes come behind it, which get their 400', async () => {
    const poll = 'GET /changes?after=now&wait=60 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
    const server = service.app.getHttpServer();
    const [polled, broken] = await sendApart(server, 2, poll, () => followed(1), 'GARBAGE\r\n\r\n');
    expect(polled.expect(200).json.changes).toEqual([]);
    broken.expect(400, 'malformed-request');
  });

  it('gives its place back when its client goes', async () => {
    const { hostname, port } = new URL(service.api.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write('GET /changes?after=now&wait=60 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await followed(1);
    socket.destroy();
    await followed(0);
    expect(waiting()).toBe(0);
  });

  it('200 with none at once to a client that closes its sending side right behind its request', async () => {
    const { hostname, port } = new URL(service.api.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.end('GET /changes?after=now&wait=60 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
    await followed(0);
  });

  it('[Q20] 200 with none when the service stops', async () => {
    const stopping = await start();
    // Its connections outlive those of the service's own caller.
    const caller = new Caller(stopping.api.url);
    const poll = caller.get('/changes?after=now&wait=60');
    await followed(1, stopping);
    const closed = stopping.close();
    (await poll).expect(200);
    await closed;
    caller.close();
  });
});
