import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { DatabaseFault } from '../../../src/database/faults/database-fault.js';
import { QUERIES_AT_ONCE, TimedQueries } from '../../../src/database/timed-queries.js';
import { FORM } from '../../../src/http/body/form.js';
import { connectDirectly } from '../../support/database/direct-sql.js';
import {
  describeOnServer,
  engine,
  impatientConfigOf,
  migratedDatabase,
  type TestDatabase,
} from '../../support/database/engine.js';
import type { Mend } from '../../support/database/faults.js';
import { AFTER_HOURS, slowItem } from '../../support/database/slow-item.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const QUERY_TIMEOUT_MS = 200;

/** Longer than reads by id take on a busy machine, one after the other. */
const PATIENT_MS = 1_000;

describe('a list that takes longer than QUERY_TIMEOUT_MS', () => {
  let database: TestDatabase;
  let service: TestApp;
  /** Another one, whose lists may take longer. */
  let patient: TestApp;
  let mend: Mend | undefined;
  beforeAll(async () => {
    database = await migratedDatabase();
    service = await startTestApp({ database: { ...database.config, queryTimeoutMs: QUERY_TIMEOUT_MS } });
    patient = await startTestApp({ database: { ...database.config, queryTimeoutMs: PATIENT_MS } });
    for (const id of ['a', 'b', 'slow']) (await service.api.put(`/items/${id}`, { name: 'x' })).expect(201);
  });
  afterEach(async () => {
    await mend?.();
    mend = undefined;
  });
  afterAll(async () => {
    await patient.close();
    await service.close();
    await database.drop();
  });

  it('[I55] 400 query-too-slow, which no repeat mends, while reads by id go on', async () => {
    mend = await slowItem(database.config, 'slow');
    const order: string[] = [];
    const note = (what: string) => () => void order.push(what);
    const list = patient.api.get('/items').finally(note('list'));
    for (let n = 0; n < 5; n += 1) {
      (await patient.api.get('/items/a').finally(note('read'))).expect(200);
    }
    const refused = (await list).expect(400, 'query-too-slow');
    expect(order).toEqual([...Array<string>(5).fill('read'), 'list']);
    expect(refused.json.retryable).toBe(false);
    expect(refused.headers).not.toHaveProperty('retry-after');
    expect(patient.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('[I55] the same for a QUERY', async () => {
    mend = await slowItem(database.config, 'slow');
    const options = { headers: { 'content-type': FORM }, body: 'limit=5' };
    (await service.api.call('QUERY', '/items', options)).expect(400, 'query-too-slow');
  });

  it('[I55] the same for the keys of a page that the client may have', async () => {
    mend = await slowItem(database.config, 'slow');
    (await service.api.get('/items', { headers: { 'if-none-match': '"a"' } })).expect(400, 'query-too-slow');
  });

  it('200 for a list that does not meet the slow row, and for all lists afterwards', async () => {
    mend = await slowItem(database.config, 'slow');
    (await service.api.get('/items')).expect(400, 'query-too-slow');
    expect((await service.api.get('/items?ids=a,b')).expect(200).json.items).toHaveLength(2);
    await mend();
    mend = undefined;
    for (let n = 0; n < 2 * QUERIES_AT_ONCE[engine]; n += 1) {
      expect((await service.api.get('/items')).expect(200).json.items).toHaveLength(3);
    }
  });

  it('[I55] the same for a page of versions, while reads of one version go on', async () => {
    mend = await slowItem(database.config, 'slow');
    const order: string[] = [];
    const note = (what: string) => () => void order.push(what);
    const pages = Array.from({ length: QUERIES_AT_ONCE[engine] }, () =>
      patient.api.get('/items/slow/versions').finally(note('page')),
    );
    for (const target of ['/items/a/versions/1', '/items/a?at=2100-01-01T00:00:00Z']) {
      (await patient.api.get(target).finally(note('read'))).expect(200);
    }
    for (const page of await Promise.all(pages)) page.expect(400, 'query-too-slow');
    expect(order.slice(0, 2)).toEqual(['read', 'read']);
  });

  it('[I55] the same for a page of changes', async () => {
    mend = await slowItem(database.config, 'slow');
    (await service.api.get('/changes')).expect(400, 'query-too-slow');
  });

  it('[I55] the same for a POST that compares the list with what the client has', async () => {
    mend = await slowItem(database.config, 'slow');
    const headers = { 'if-none-match': '"a"' };
    (await service.api.post('/items', { id: 'new', name: 'x' }, { headers })).expect(400, 'query-too-slow');
    await mend();
    mend = undefined;
    (await service.api.get('/items/new')).expect(404, 'item-not-found');
  });

  it('[I55] the same for a DELETE that compares the list of versions with what the client has', async () => {
    mend = await slowItem(database.config, 'slow');
    const headers = { 'if-match': '"a"' };
    (await service.api.delete('/items/slow/versions', { headers })).expect(400, 'query-too-slow');
  });

  it('503 overloaded if others keep a query waiting as long', async () => {
    mend = await slowItem(database.config, 'slow');
    const queries = service.app.get(TimedQueries);
    const before = Array.from({ length: 2 * QUERIES_AT_ONCE[engine] }, (_, n) =>
      queries.rows(`SELECT id, ${n} AS n FROM items`, []),
    );
    const done = Promise.allSettled(before);
    const compared = { headers: { 'if-none-match': '"a"' } };
    const asked = jest.spyOn(queries, 'rowFor');
    const now = performance.now.bind(performance);
    const posts = ['new-1', 'new-2'].map((id) => service.api.post('/items', { id, name: 'x' }, compared));
    while (asked.mock.calls.length < posts.length) await delay(2);
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + 2 * QUERY_TIMEOUT_MS);
    const answers = await Promise.all(posts);
    await done;
    for (const one of [asked, clock]) one.mockRestore();
    for (const answer of answers) {
      expect(answer.expect(503, 'overloaded').json.detail).toMatch(/^As many lists and searches/);
      expect(answer.headers['retry-after']).toBe('1');
    }
  });

  it('queries that are carried out together with a slow one are carried out again, each alone, and those that are alike once', async () => {
    const queries = service.app.get(TimedQueries);
    const elements = {
      sqlite: 'p.key AS at FROM json_each(?1) AS p',
      postgres:
        'CAST(p.place - 1 AS integer) AS at FROM json_array_elements($1::json) WITH ORDINALITY AS p (value, place)',
    };
    const text = `SELECT CASE p.value ->> 0 WHEN 'slow' THEN ${AFTER_HOURS} ELSE 0 END AS n, p.value ->> 0 AS name, ${elements[engine]}`;
    const before = Array.from({ length: QUERIES_AT_ONCE[engine] }, (_, n) => queries.rows(`SELECT ${n} AS n`, []));
    const names = [...Array<string>(12).fill('slow'), 'a', 'b', 'a', 'c'];
    const results = Promise.allSettled(names.map((name) => queries.rowFor(text, [name], [])));
    await Promise.all(before);
    expect(await results).toMatchObject(
      names.map((name) => (name === 'slow' ? { reason: { kind: 'too-slow' } } : { value: { name } })),
    );
  });

  it('queries that wait for slow ones as long as they may take are not begun', async () => {
    mend = await slowItem(database.config, 'slow');
    const queries = service.app.get(TimedQueries);
    const atOnce = QUERIES_AT_ONCE[engine];
    const settled = Promise.allSettled(
      Array.from({ length: 3 * atOnce }, (_, n) => queries.rows(`SELECT id, ${n} AS n FROM items`, [])),
    );
    const now = performance.now.bind(performance);
    // The timer that ends a query may be a little early, by this clock.
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + QUERY_TIMEOUT_MS / 4);
    const results = await settled.finally(() => clock.mockRestore());
    const kinds = results.map((result) => result.status === 'rejected' && (result.reason as DatabaseFault).kind);
    expect(kinds).toEqual([...Array(atOnce).fill('too-slow'), ...Array(2 * atOnce).fill('crowded')]);
  });
});

describeOnServer('a table that somebody else has locked', () => {
  it('503, and not 400, to lists and reads of the history', async () => {
    const locked = await migratedDatabase();
    const service = await startTestApp({
      database: { ...impatientConfigOf(locked.url), queryTimeoutMs: 300 },
    });
    const other = await connectDirectly(locked.config);
    await other.query('BEGIN');
    await other.query('LOCK TABLE items, item_versions IN ACCESS EXCLUSIVE MODE');
    for (const target of [
      '/items',
      '/items/a/versions',
      '/items/a/versions/1',
      '/items/a?at=2100-01-01T00:00:00Z',
      '/changes',
      '/changes/latest',
    ]) {
      (await service.api.get(target)).expect(503, 'storage-unavailable');
    }
    await other.query('ROLLBACK');
    (await service.api.get('/items')).expect(200);
    await other.close();
    await service.close();
    await locked.drop();
  });
});
