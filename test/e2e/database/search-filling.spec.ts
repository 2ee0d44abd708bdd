import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FORM } from '../../../src/http/body/form.js';
import { SearchItems1764000000009 } from '../../../src/database/migrations/1764000000009-search-items.js';
import { STEP_ITEMS } from '../../../src/items/search-filling.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { refuseFilling, type Mend } from '../../support/database/faults.js';
import { migrate, migratedDownTo } from '../../support/database/older-release.js';
import { byFilter, byWords, matchesOf } from '../../support/filters/matches.js';
import { putItems } from '../../support/filters/put-items.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const ITEMS = 3_000;
const idOf = (n: number) => `item-${String(n).padStart(4, '0')}`;

/** The last id that is filled in before the fault. */
const LAST_FILLED = idOf(5 * STEP_ITEMS - 1);

describe('a large database from a release without search', () => {
  let database: TestDatabase;
  let service: TestApp;
  let mend: Mend;
  const query = (statement: string) => queryDirectly(database.config, statement);
  const filledTo = async () => (await query('SELECT filled_to FROM search_filling'))[0]?.filled_to;
  const numberOf = async (...words: string[]) => {
    return (await matchesOf(service, words.map(byWords), true)).map((ids) => ids.length);
  };

  beforeAll(async () => {
    database = await migratedDatabase();
    service = await startTestApp({ database: database.config });
    const at = service.clock.now.toISOString();
    await putItems(
      service,
      Array.from({ length: ITEMS }, (_, n) => ({ id: idOf(n), name: `old n${n}`, tags: ['a tag'], at })),
    );
    (await service.api.delete(`/items/${idOf(ITEMS - 1)}`)).expect(204);
    await service.close();
    await migratedDownTo(SearchItems1764000000009, database);
    await migrate(database);
    mend = await refuseFilling(database.config, LAST_FILLED);
  }, 240_000);
  afterAll(async () => {
    await killServices();
    await service?.close();
    await database?.drop();
  });

  it('[I40] 503 to readiness, q and tags while its words are collected; reads by id and changes go on', async () => {
    const environment = { DATABASE_URL: database.url, SEED: 'off', LOG_LEVEL: 'info', AUTH: 'off' };
    const running = await ServiceProcess.start({ environment });
    await running.line(/can’t be collected now/);
    expect(await filledTo()).toBe(LAST_FILLED);
    const api = running.caller();
    const { headers, json } = (await api.get('/health/ready')).expect(503, 'search-unready');
    expect(headers['retry-after']).toBe('5');
    expect(json.retryable).toBe(true);
    expect((await api.get(`/items/${idOf(2_000)}`)).expect(200).json.name).toBe('old n2000');
    for (const parameters of ['q=old', 'filter=tags==a', 'filter=id==a,(name==b;tags!=a*)']) {
      const refused = (await api.get(`/items?${parameters}`)).expect(503, 'search-unready');
      expect(refused.headers['retry-after']).toBe('5');
      const options = { headers: { 'content-type': FORM }, body: parameters };
      (await api.call('QUERY', '/items', options)).expect(503, 'search-unready');
    }
    (await api.get('/items?filter=tags=ex=true&limit=1')).expect(200);
    (await api.put(`/items/${idOf(0)}`, { name: 'changed first' })).expect(200);
    (await api.put(`/items/${idOf(2_500)}`, { name: 'changed last' })).expect(200);
    (await api.delete(`/items/${idOf(2_501)}`)).expect(204);
    (await api.post('/items', { id: 'item-9999', name: 'new' })).expect(201);
    running.signal('SIGKILL');
    await running.ended;
  });

  it('[I40] goes on where it was killed, and is ready once all items are found', async () => {
    // What is filled in already is not read again.
    await query(`UPDATE items SET name = 'unseen' WHERE id = '${idOf(1)}'`);
    await query(`UPDATE items SET name = 'seen' WHERE id = '${LAST_FILLED.slice(0, -4)}1000'`);
    await mend();
    service = await startTestApp({ database: database.config });
    while ((await service.api.get('/health/ready')).status !== 200) await delay(10);
    expect(await query('SELECT filled_to FROM search_filling')).toEqual([]);
    expect(await numberOf('unseen', 'seen', 'changed', 'new')).toEqual([0, 1, 2, 1]);
    expect(await numberOf('old', 'n1', 'n1000', 'n2500', 'n2501', `n${ITEMS - 1}`)).toEqual([2_997, 1_110, 0, 0, 1, 1]);
    expect((await matchesOf(service, [byFilter('tags=="a tag"')], true))[0]).toHaveLength(ITEMS - 2);
  });
});

describe('a small database from a release without search', () => {
  it('is ready once it is started', async () => {
    const database = await migratedDatabase();
    let service = await startTestApp({ database: database.config });
    (await service.api.post('/items', { id: 'a', name: 'older' })).expect(201);
    await service.close();
    await migratedDownTo(SearchItems1764000000009, database);
    service = await startTestApp({ database: database.config });
    (await service.api.get('/health/ready')).expect(200);
    expect(await matchesOf(service, [byWords('old')])).toEqual([['a']]);
    await service.close();
    await database.drop();
  });
});
