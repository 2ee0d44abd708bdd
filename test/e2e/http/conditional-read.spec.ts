import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const SENT = 'Fri, 02 Jan 2026 03:04:05 GMT';

let service: TestApp;
/** Of `/items/read`, until it is changed. */
let tag: string;
beforeAll(async () => {
  service = await startTestApp();
  (await service.api.put('/items/read', { name: 'x' })).expect(201);
  tag = await service.api.entityTagOf('/items/read');
});
afterAll(() => service?.close());

const get = (target: string, headers: Record<string, string | string[]>) => service.api.get(target, { headers });

describe('conditions on GET /items/:id', () => {
  it('[D5] [D10] [D11] 304 has the fields of the 200 that a cache needs, and no others', async () => {
    const whole = (await service.api.get('/items/read')).expect(200);
    proves('D5');
    const unchanged = (await get('/items/read', { 'if-none-match': whole.headers.etag ?? '' })).expect(304);
    expect(unchanged.content).toHaveLength(0);
    proves('D10');
    const { etag, vary, 'cache-control': cacheControl } = whole.headers;
    expect(unchanged.headers).toMatchObject({ etag, 'cache-control': cacheControl });
    expect(unchanged.headers.vary).toBe(vary);
    proves('D11');
    for (const name of ['last-modified', 'content-type', 'content-length']) {
      expect(whole.headers).toHaveProperty(name);
      expect(unchanged.headers).not.toHaveProperty(name);
    }
  });

  it.each([
    ['D6', 'W/TAG'],
    ['D7', '"a", TAG'],
    ['D7', '"a",W/TAG , "b"'],
    ['D7', ' , TAG'],
    ['D8', '*'],
  ])('[%s] 304 for If-None-Match: %s', async (_, field) => {
    (await get('/items/read', { 'if-none-match': field.replace('TAG', tag) })).expect(304);
  });

  it('[D7] 304 for tags in two fields', async () => {
    (await get('/items/read', { 'if-none-match': ['"a"', tag] })).expect(304);
  });

  it('[D9] 304 for HEAD', async () => {
    const answer = await service.api.call('HEAD', '/items/read', { headers: { 'if-none-match': tag } });
    expect(answer.expect(304).headers.etag).toBe(tag);
  });

  it('[D17] Last-Modified in whole seconds, and 304 with this date', async () => {
    expect((await service.api.get('/items/read')).expect(200).headers['last-modified']).toBe(SENT);
    (await get('/items/read', { 'if-modified-since': SENT })).expect(304);
    (await get('/items/read', { 'if-modified-since': 'Friday, 02-Jan-26 03:04:05 GMT' })).expect(304);
    (await get('/items/read', { 'if-modified-since': 'Fri, 02 Jan 2026 03:04:04 GMT' })).expect(200);
  });

  it('[D17] Last-Modified is not later than Date if the clock of a writer was ahead', async () => {
    const { now } = service.clock;
    service.clock.now = new Date('2150-01-01T00:00:00.000Z');
    (await service.api.put('/items/ahead', { name: 'x' })).expect(201);
    service.clock.now = now;
    const { headers } = (await service.api.get('/items/ahead')).expect(200);
    expect(Date.parse(headers['last-modified'] ?? '')).toBeLessThanOrEqual(Date.parse(headers.date ?? ''));
  });

  it.each(['0', 'yesterday', '2026-01-02T03:04:05Z', '', 'Fri, 31 Feb 2026 03:04:05 GMT'])(
    '[D13] 200 for If-Modified-Since: %s, which is not a date',
    async (date) => {
      (await get('/items/read', { 'if-modified-since': date })).expect(200);
    },
  );

  it('[D12] 200 for another tag, whatever the date', async () => {
    (await get('/items/read', { 'if-none-match': '"0"', 'if-modified-since': SENT })).expect(200);
  });

  it('[D14] [F19] 412 for another tag in If-Match, with the current version', async () => {
    proves('F19');
    const refused = (await get('/items/read', { 'if-match': '"0"' })).expect(412, 'precondition-failed');
    expect(refused.json.currentVersion).toBe(1);
    proves('D14');
    expect(refused.json.detail).toContain('If-Match');
    expect(refused.headers['cache-control']).toBe('private, no-cache, no-transform');
    (await get('/items/read', { 'if-match': `W/${tag}` })).expect(412, 'precondition-failed');
    (await get('/items/read', { 'if-unmodified-since': 'Fri, 02 Jan 2026 03:04:04 GMT' })).expect(
      412,
      'precondition-failed',
    );
    (await get('/items/read', { 'if-match': tag, 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).expect(200);
    (await get('/items/read', { 'if-unmodified-since': SENT })).expect(200);
  });

  it('[D15] 304 if both have the tag', async () => {
    (await get('/items/read', { 'if-match': tag, 'if-none-match': tag })).expect(304);
  });

  it.each(['If-Match', 'If-None-Match'])('[D16] 200 when %s is not a list of tags', async (name) => {
    for (const value of ['1', '"1', 'w/"1"', '*, "1"', '"1" "2"', '', ',', ['"1"', 'nope'], ['*', '*']]) {
      const answer = await service.api.get('/items/read', { headers: { [name]: value } });
      expect(answer.expect(200).headers.etag).toBe(tag);
      (await service.api.call('HEAD', '/items/read', { headers: { [name]: value } })).expect(200);
    }
  });

  it('[D16] beside a field that is not a list the other one still counts, and a date does not', async () => {
    (await get('/items/read', { 'if-none-match': tag, 'if-match': 'nope' })).expect(304);
    (await get('/items/read', { 'if-none-match': 'nope', 'if-match': '"0"' })).expect(412, 'precondition-failed');
    (await get('/items/read', { 'if-none-match': 'nope', 'if-modified-since': SENT })).expect(200);
    const past = 'Thu, 01 Jan 1970 00:00:00 GMT';
    (await get('/items/read', { 'if-match': 'nope', 'if-unmodified-since': past })).expect(200);
  });

  it('[D7] 304 for the tag in the second of two fields', async () => {
    (await service.api.get('/items/read', { headers: { 'if-none-match': ['"0"', `W/${tag}`] } })).expect(304);
  });

  it('[D13] 200 for a date given twice', async () => {
    (await service.api.get('/items/read', { headers: { 'if-modified-since': [SENT, SENT] } })).expect(200);
  });

  it('[A5] 404 for an id that does not exist, whatever the conditions', async () => {
    for (const name of ['if-none-match', 'if-match']) {
      for (const value of ['*', tag]) (await get('/items/absent', { [name]: value })).expect(404, 'item-not-found');
    }
  });
});

describe('conditions on GET /items', () => {
  const entityTagOf = (query = '') => service.api.entityTagOf(`/items${query}`);

  it('[I9] [D10] 304 as long as nothing on the page changed', async () => {
    const pageTag = await entityTagOf('?limit=5');
    expect(pageTag).toMatch(/^W\/"[\w-]+"$/);
    proves('D10');
    const unchanged = (await get('/items?limit=5', { 'if-none-match': pageTag })).expect(304);
    expect(unchanged.headers).toMatchObject({ etag: pageTag, 'cache-control': 'private, no-cache' });
    proves('I9');
    const head = await service.api.call('HEAD', '/items?limit=5', { headers: { 'if-none-match': pageTag } });
    expect(head.expect(304).headers.etag).toBe(pageTag);
    (await get('/items', { 'if-none-match': '*' })).expect(304);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['an item of it changed', () => service.api.put('/items/read', { name: 'changed' })],
    ['an item came', () => service.api.put('/items/came', { name: 'x' })],
    ['an item was deleted', () => service.api.delete('/items/came')],
    ['a deleted item came back', () => service.api.put('/items/came', { name: 'x' })],
  ])('[I9] 200 with another tag after %s', async (_, change) => {
    const before = await entityTagOf();
    await change();
    const after = (await get('/items', { 'if-none-match': before })).expect(200).headers.etag;
    expect(after).not.toBe(before);
  });

  it('[I9] 200 with another tag when only next changed', async () => {
    const before = await entityTagOf('?limit=200');
    (await service.api.put('/items/~none', { name: 'x' })).expect(400, 'invalid-path');
    expect(await entityTagOf('?limit=200')).toBe(before);
    const count = (await service.api.get('/items?limit=200')).json.items.length;
    const full = await entityTagOf(`?limit=${count}`);
    (await service.api.put('/items/zz-last', { name: 'x' })).expect(201);
    (await get(`/items?limit=${count}`, { 'if-none-match': full })).expect(200);
  });

  it('[I9] every query has its own tag', async () => {
    const next = (await service.api.get('/items?limit=1')).json.next as string;
    const tags = await Promise.all(['', '?limit=199', '?limit=1', `?limit=1&cursor=${next}`].map(entityTagOf));
    expect(new Set(tags).size).toBe(tags.length);
  });

  it('[D14] 412 for a tag in If-Match, since the tag of a page is weak; If-Match: * holds', async () => {
    const refused = (await get('/items', { 'if-match': await entityTagOf() })).expect(412, 'precondition-failed');
    expect(refused.json).not.toHaveProperty('currentVersion');
    expect(refused.headers['cache-control']).toBe('private, no-cache');
    (await get('/items', { 'if-match': '*' })).expect(200);
  });

  it('a page has no date: 200 whatever If-Modified-Since and If-Unmodified-Since', async () => {
    (await get('/items', { 'if-modified-since': new Date().toUTCString() })).expect(200);
    (await get('/items', { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).expect(200);
  });

  it('[D16] 200 when If-Match or If-None-Match is not a list of tags', async () => {
    (await get('/items', { 'if-none-match': 'nope' })).expect(200);
    (await get('/items', { 'if-match': 'nope' })).expect(200);
  });
});

it('[A9] OPTIONS ignores conditions, broken ones too', async () => {
  for (const field of ['"nope"', 'nope', '*']) {
    (
      await service.api.call('OPTIONS', '/items/read', { headers: { 'if-match': field, 'if-none-match': field } })
    ).expect(204);
  }
});
