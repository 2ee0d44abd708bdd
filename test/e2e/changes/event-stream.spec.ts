import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FeedHead } from '../../../src/items/changes/feed-head.js';
import { bytesTakenFrom } from '../../../src/http/load/slow-callers.js';
import { bytesInSendQueue } from '../../../src/http/wire/send-queue.js';
import { AnswersUnderWay } from '../../../src/http/wire/answers-under-way.js';
import { bearer, KEYS } from '../../support/access/known-keys.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { EventStream, openOverTcp, openUnread } from '../../support/requests/event-stream.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

let service: TestApp;
const ends: (() => unknown)[] = [];
/** Services of one test. */
const apart: TestApp[] = [];
const start = async (settings = {}) => {
  const other = await startTestApp({ auth: 'off', ...settings });
  apart.push(other);
  return other;
};
const open = async (target: string, headers: Record<string, string> = {}, of = service) => {
  const stream = await EventStream.open(of.api.url, target, headers);
  ends.push(() => stream.close());
  return stream;
};
beforeAll(async () => {
  service = await startTestApp({ auth: 'off', answerTimeoutMs: 20_000 });
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  for (const other of apart.splice(0)) await other.close();
  const head = service.app.get(FeedHead);
  while (head.attending.size > 0) await delay(2);
  // As it is when nobody has followed for a while.
  head.beforeApplicationShutdown();
});
afterAll(() => service?.close());

const latest = async (): Promise<string> => (await service.api.get('/changes/latest')).expect(200).json.position;
const put = async (id: string, attributes = {}, of = service) => {
  const answer = await of.api.put(`/items/${id}`, { name: `${Math.random()}`, attributes });
  expect([200, 201]).toContain(answer.status);
};
const pass = (seconds: number, { clock } = service) =>
  void (clock.now = new Date(clock.now.getTime() + seconds * 1_000));
const followed = async (count: number, of = service) => {
  const { followers } = of.app.get(FeedHead);
  while (followers.size !== count) await delay(2);
};

/** Makes an item of 16 KB with so many versions. The position before them. */
const makeHistory = async (id: string, versions: number): Promise<string> => {
  const before = await latest();
  await put(id, { text: 'x'.repeat(16_000) });
  await queryDirectly(
    service.config.database,
    `WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${versions})
     INSERT INTO item_versions (item_id, version, operation, snapshot, request_id, command_id, at)
     SELECT item_id, i, operation, snapshot, request_id, command_id, at FROM n, item_versions WHERE item_id = '${id}' ORDER BY i`,
  );
  return before;
};

/** Waits until the head of the feed has told the time twice. */
const ticked = () =>
  new Promise<void>((resolve) => {
    const head = service.app.get(FeedHead);
    let left = 2;
    const watcher = {
      take: () => undefined,
      lose: () => undefined,
      fail: () => undefined,
      tick: () => {
        left -= 1;
        if (left > 0) return;
        head.leave(watcher);
        resolve();
      },
    };
    head.attend(watcher);
  });

describe('GET /changes with Accept: text/event-stream', () => {
  it('[Q15] 200 with an event for each change, those before and those that come, as the page has them', async () => {
    const before = await latest();
    await put('a');
    await put('b');
    const stream = await open(`/changes?after=${before}`);
    expect(stream.answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(stream.answer.headers['cache-control']).toBe('no-store');
    await stream.take(2);
    await put('a');
    (await service.api.delete('/items/b')).expect(204);
    const events = await stream.take(4);
    const { changes } = (await service.api.get(`/changes?after=${before}`)).expect(200).json;
    expect(events.map(({ id, event }) => ({ id, event }))).toEqual(
      changes.map(({ position, operation }: Record<string, string>) => ({ id: position, event: operation })),
    );
    expect(events.map(({ data }) => JSON.parse(data!))).toEqual(changes);
  });

  it('[Q15] 200 from Last-Event-ID on, with ids and include=none', async () => {
    const position = await latest();
    for (const id of ['a', 'b', 'a', 'c']) await put(id);
    const [first] = (await service.api.get(`/changes?after=${position}`)).expect(200).json.changes;
    const stream = await open('/changes?after=now&ids=a,c&include=none', { 'last-event-id': first.position });
    await stream.take(2);
    await put('b');
    await put('c');
    const events = await stream.take(3);
    expect(events.map(({ data }) => JSON.parse(data!).id)).toEqual(['a', 'c', 'c']);
    expect(events[0]!.data).not.toContain('"item"');
  });

  it('[Q16] 200 with retry and the position first, and a comment after 15 s, with the position of changes that were not wanted', async () => {
    const position = await latest();
    const stream = await open('/changes?after=now&ids=none');
    await stream.until(({ blocks }) => blocks.length === 1);
    expect(stream.blocks).toEqual([{ retry: '2000', id: position }]);
    await followed(1);
    pass(14);
    pass(1);
    await stream.until(({ blocks }) => blocks.length === 2);
    expect(stream.blocks[1]).toEqual({ comment: '' });
    await put('other');
    const other = await open('/changes?after=now');
    await followed(2);
    pass(15);
    await stream.until(({ blocks }) => blocks.length === 3);
    expect(stream.blocks[2]).toEqual({ comment: '', id: await latest() });
    await other.until(({ blocks }) => blocks.length === 2);
    expect(other.blocks[1]).toEqual({ comment: '' });
  });

  it('[Q17] 410 for a position that is gone, and 400 for one that is none', async () => {
    const ask = async (target: string, headers = {}) =>
      (await EventStream.ask(service.api.url, target, headers)).refused!;
    (await ask('/changes?after=9-00000000')).expect(410, 'position-gone');
    (await ask('/changes', { 'last-event-id': 'x' })).expect(400, 'invalid-last-event-id');
  });

  it('[Q17] 200 as JSON or as events, by the weights of Accept', async () => {
    const typeFor = async (accept: string) =>
      (await service.api.call('HEAD', '/changes', { headers: { accept } })).expect(200).headers['content-type'];
    expect(await typeFor('*/*')).toMatch('application/json');
    expect(await typeFor('text/*')).toMatch('text/event-stream');
    expect(await typeFor('application/json;q=0.5, text/event-stream')).toMatch('text/event-stream');
    expect(await typeFor('application/json, text/event-stream;q=0.9')).toMatch('application/json');
    (await service.api.get('/changes', { headers: { accept: 'text/html' } })).expect(406, 'not-acceptable');
  });

  it('[Q19] 200 to HEAD without a body or length, and nobody follows', async () => {
    const head = await service.api.call('HEAD', '/changes', { headers: { accept: 'text/event-stream' } });
    expect(head.expect(200).headers).not.toHaveProperty('content-length');
    await followed(0);
    (await service.api.get('/example')).expect(200);
  });

  it('[Q14] ends as soon as another request comes behind it on its connection', async () => {
    await put('a');
    const stream = await open('/changes?after=now');
    await followed(1);
    stream.answer.socket.write('DELETE /items/a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await stream.ended();
    expect(stream.events).toEqual([]);
    while ((await service.api.get('/items/a')).status === 200) await delay(10);
    (await service.api.get('/items/a')).expect(404, 'item-not-found');
    await followed(0);
  });

  it('[Q20] ends at once when the service stops', async () => {
    // What would be cut then is found by the time limit of this test.
    const stopping = await start({ shutdownTimeoutMs: 600_000 });
    await put('a', {}, stopping);
    const stream = await open('/changes', {}, stopping);
    await followed(1, stopping);
    await stopping.close();
    await expect(stream.ended()).resolves.toBeUndefined();
    expect(stream.events.map(({ data }) => JSON.parse(data!).id)).toEqual(['a']);
  });

  it('gives its place back when its client goes', async () => {
    const { connections } = service.app.get(AnswersUnderWay);
    const before = new Set(connections.keys());
    const stream = await open('/changes?after=now');
    await followed(1);
    const added = [...connections.keys()].filter((socket) => !before.has(socket));
    expect(added).toHaveLength(1);
    stream.close();
    await followed(0);
    while (connections.has(added[0]!)) await delay(2);
  });

  it('[Q22] 200 with all of a long history as fast as its client reads', async () => {
    // More than ten times what is read at once.
    const before = await makeHistory('long', 60);
    const stream = await open(`/changes?after=${before}`);
    const events = await stream.take(60);
    expect(events.map(({ data }) => JSON.parse(data!).version)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  });

  it('[Q10] what was erased while it was at hand is not given out any more', async () => {
    const first = await open('/changes?after=now');
    await followed(1);
    const before = await latest();
    await put('secret', { password: 'x' });
    await first.take(1);
    (await service.api.delete('/items/secret')).expect(204);
    (await service.api.delete('/items/secret/versions')).expect(204);
    const [made, , erasure] = await first.take(3);
    expect(made!.data).toContain('password');
    expect(erasure).toMatchObject({ event: 'erase' });
    const second = await open(`/changes?after=${before}`);
    const events = await second.take(3);
    expect(events.map(({ data }) => JSON.parse(data!).item)).toEqual([null, null, null]);
    expect(JSON.parse(events[0]!.data!)).toMatchObject({ operation: 'create', erased: true });
  });
});

describe('a stream whose client does not read', () => {
  const READERS = sized(49, 199);

  it('[Q18] is cut beyond 256 KiB, and its room is free again; those who read get everything', async () => {
    const readers = await Promise.all(Array.from({ length: READERS }, () => open('/changes?after=now&include=none')));
    const silent = await openUnread(service, '/changes?after=now');
    ends.push(silent.close);
    await followed(READERS + 1);
    const { whole } = service.app.get(AnswersUnderWay);
    let most = 0;
    const text = 'x'.repeat(16_000);
    let count = 0;
    for (; count < 500; count += 1) {
      await put('large', { count, text });
      most = Math.max(most, whole.answerBytes);
      const { followers } = service.app.get(FeedHead);
      if (followers.size <= READERS) break;
    }
    await followed(READERS);
    for (const reader of readers) await reader.take(count + 1);
    expect(new Set(readers.map(({ events }) => events.at(-1)!.id))).toEqual(new Set([await latest()]));
    expect(silent.served.destroyed).toBe(true);
    expect(most).toBeGreaterThan(200_000);
    expect(most).toBeLessThan((READERS + 1) * 83_886);
    for (const reader of readers) reader.close();
    await followed(0);
    while (whole.answerBytes > 100_000) await delay(2);
  }, 300_000);

  it('[Q18] is cut after five times ANSWER_TIMEOUT_MS if it reads nothing of what waits', async () => {
    const before = await makeHistory('unread', 64);
    const silent = await openUnread(service, `/changes?after=${before}`);
    ends.push(silent.close);
    while (silent.served.writableLength === 0) await delay(2);
    const { attending } = service.app.get(FeedHead);
    expect(attending.size).toBe(1);
    await ticked();
    for (const seconds of [19, 1, 20, 20, 20, 19]) {
      pass(seconds);
      await ticked();
    }
    expect(silent.served.destroyed).toBe(false);
    const closed = once(silent.served, 'close');
    pass(2);
    await closed;
    expect(attending.size).toBe(0);
  }, 240_000);

  // Over TCP, where the system takes nothing for a long time although the client reads.
  it('[Q25] stays connected as long as it reads a little of what waits, and is cut when it has stopped', async () => {
    const before = await makeHistory('slow', 512);
    const slow = await openOverTcp(service, `/changes?after=${before}`);
    ends.push(() => slow.client.destroy());
    const { served, readSome } = slow;
    let taken: number;
    do {
      taken = bytesTakenFrom(served);
      await ticked();
    } while (served.writableLength === 0 || bytesTakenFrom(served) !== taken);
    const passSpans = async (count: number) => {
      for (let span = 0; span < count; span += 1) {
        pass(20);
        await ticked();
      }
    };
    for (let times = 0; times < 2; times += 1) {
      await passSpans(4);
      const queued = (await bytesInSendQueue(served))!;
      while ((await bytesInSendQueue(served))! >= queued) await readSome();
    }
    await passSpans(4);
    expect(bytesTakenFrom(served)).toBe(taken);
    expect(served.destroyed).toBe(false);
    const closed = once(served, 'close');
    while (!served.destroyed) await passSpans(1);
    await closed;
    expect(service.app.get(FeedHead).attending.size).toBe(0);
  }, 240_000);
});

describe('a stream whose credential ends', () => {
  it('[Q21] ends soon after its key was revoked, and not before', async () => {
    const guarded = await start({ auth: 'required' });
    const authorization = bearer(KEYS.all);
    const stream = await open('/changes?after=now', { authorization }, guarded);
    await followed(1, guarded);
    pass(5, guarded);
    const again = await open('/changes?after=now', { authorization }, guarded);
    await queryDirectly(guarded.config.database, `UPDATE api_keys SET revoked_at = '2026-01-01T00:00:00.000Z'`);
    pass(5, guarded);
    await stream.ended();
    await again.ended();
    const { refused } = await EventStream.ask(guarded.api.url, '/changes', { authorization });
    refused!.expect(401, 'invalid-token');
  });
});
