import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BODY_LIMITS } from '../../../src/contract/operation.js';
import { FORM } from '../../../src/http/body/form.js';
import { bearer, KEYS } from '../../support/access/known-keys.js';
import type { Answer } from '../../support/answer.js';
import { proves } from '../../support/proof.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

/** Queries that each shape a page in another way. */
const QUERIES = [
  '',
  '&&',
  'limit=2',
  'limit=2&sort=-name',
  'sort=-updatedAt',
  'filter=name%3D%3Db*,attributes.n%3Dge%3D3&count=true',
  'ids=a,b,absent&deleted=true',
  'fields=id,attributes.n&limit=1&count=true',
  'filter=name%3D%3D%27a+b%C3%A9%27',
  'filter=name==%22=%22;tags=ex=false',
];

describe('QUERY /items', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp({ requirePreconditions: true });
    const headers = { 'if-none-match': '*' };
    for (const [n, id] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      const item = { name: n === 4 ? 'a bé' : `${id} name`, attributes: { n } };
      (await service.api.put(`/items/${id}`, item, { headers })).expect(201);
    }
    (await service.api.delete('/items/b', { headers: { 'if-match': '*' } })).expect(204);
  });
  afterAll(() => service?.close());

  const query = (body: string | Buffer, headers: object = {}): Promise<Answer> =>
    service.api.call('QUERY', '/items', { headers: { 'content-type': FORM, ...headers }, body });

  it.each(QUERIES)('[J9] 200 for %p with the page and the entity-tag of GET, without Link', async (text) => {
    const got = (await service.api.get(`/items?${text}`)).expect(200);
    const asked = (await query(text)).expect(200);
    expect(asked.json).toEqual(got.json);
    const { etag, 'content-type': type, 'cache-control': caching, vary } = got.headers;
    expect(asked.headers).toMatchObject({ etag, 'content-type': type, 'cache-control': caching, vary });
    expect(got.headers).toHaveProperty('link');
    expect(asked.headers).not.toHaveProperty('link');
  });

  it('[J9] a walk by GET and QUERY in turn meets every item once', async () => {
    const list = 'limit=1&sort=-name&deleted=true';
    const ids: string[] = [];
    for (let [page, cursor] = [0, '']; ; page += 1) {
      const text = `${list}${cursor}`;
      const answer = (page % 2 === 0 ? await query(text) : await service.api.get(`/items?${text}`)).expect(200);
      ids.push(...answer.json.items.map(({ id }: { id: string }) => id));
      if (answer.json.next === null) break;
      cursor = `&cursor=${answer.json.next}`;
    }
    expect(ids).toEqual(['d', 'c', 'b', 'a', 'e']);
    const { next } = (await query(list)).expect(200).json;
    (await query(`limit=1&cursor=${next}`)).expect(400, 'invalid-cursor');
  });

  it('[J10] 304 with the entity-tag of a GET or QUERY with the same parameters, and only with that', async () => {
    const { etag = '' } = (await service.api.get('/items?limit=2')).expect(200).headers;
    const same = (await query('limit=2', { 'if-none-match': etag })).expect(304);
    expect([same.headers.etag, same.text]).toEqual([etag, '']);
    (await query('limit=3', { 'if-none-match': etag })).expect(200);
    const asked = (await query('limit=3')).expect(200).headers.etag ?? '';
    (await service.api.get('/items?limit=3', { headers: { 'if-none-match': asked } })).expect(304);
  });

  it('[J10] 412 if If-Match names no current page, and a malformed list of tags is ignored', async () => {
    (await query('', { 'if-match': '"other"' })).expect(412, 'precondition-failed');
    (await query('', { 'if-none-match': 'no tag' })).expect(200);
    (await query('', { 'if-match': '*' })).expect(200);
  });

  it('takes what is longer than a target may be', async () => {
    const ids = Array.from({ length: 199 }, (_, n) => `${n}-`.padEnd(128, 'x'));
    const text = `ids=${[...ids, 'a'].join('%2C')}`;
    (await service.api.get(`/items?${text}`)).expect(414, 'target-too-long');
    expect((await query(text)).expect(200).json.items).toMatchObject([{ id: 'a' }]);
  });

  it('takes a body in chunks and packed with gzip, and refuses a broken one', async () => {
    const packed = gzipSync('ids=a');
    const answer = (await query(packed, { 'content-encoding': 'gzip' })).expect(200);
    expect(answer.json.items).toMatchObject([{ id: 'a' }]);
    (await query('ids=a', { 'content-encoding': 'gzip' })).expect(400, 'malformed-gzip');
    const bomb = gzipSync(Buffer.alloc(BODY_LIMITS.bytes + 1));
    (await query(bomb, { 'content-encoding': 'gzip' })).expect(413, 'body-too-large');
    (await query('ids=a'.padEnd(BODY_LIMITS.bytes + 1, 'a'))).expect(413, 'body-too-large');
  });

  it('runs beside GET on one connection, with a body of known length, without one, and in chunks', async () => {
    const head = (method: string, more = '') =>
      `${method} /items HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${bearer(KEYS.all)}\r\n${more}\r\n`;
    const form = `Content-Type: ${FORM}\r\n`;
    const chunked = `${form}Transfer-Encoding: chunked\r\n`;
    const answers = await sendRaw(
      service.api.url,
      5,
      `${head('QUERY', `${form}Content-Length: 5\r\n`)}ids=a` +
        head('GET') +
        head('QUERY', form) +
        `${head('QUERY', chunked)}0\r\n\r\n` +
        `${head('QUERY', `${chunked}Connection: close\r\n`)}5\r\nids=a\r\n0\r\n\r\n`,
    );
    expect(answers.map((answer) => answer.expect(200).json.items.length)).toEqual([1, 4, 4, 4, 1]);
  });

  it.each([
    ['colour=red', 'invalid-query', { parameter: 'colour', rule: 'unknown' }],
    ['=x', 'invalid-query', { parameter: '', rule: 'unknown' }],
    ['__proto__=x', 'invalid-query', { parameter: '__proto__', rule: 'unknown' }],
    ['sort=id&sort=id', 'invalid-query', { parameter: 'sort', rule: 'repeated' }],
    ['limit=%2B1', 'invalid-query', { parameter: 'limit', rule: 'integer' }],
    ['limit', 'invalid-query', { parameter: 'limit', rule: 'integer' }],
    ['filter=', 'invalid-filter', { parameter: 'filter' }],
    ['filter=name==(', 'invalid-filter', { parameter: 'filter', position: 6 }],
  ])('[J4] the fault of %p is that of GET', async (text, code, fault) => {
    const asked = (await query(text)).expect(400, code).json;
    const got = (await service.api.get(`/items?${text}`)).expect(400, code).json;
    expect(asked.errors).toMatchObject([fault]);
    expect({ ...asked, requestId: '' }).toEqual({ ...got, requestId: '' });
  });

  it('400 for more than 100 parameters, counted before they are read', async () => {
    const fault = { parameter: '', rule: 'count', detail: 'The body has 101 parameters. At most 100 are allowed.' };
    expect((await query('&'.repeat(100))).expect(400, 'invalid-query').json.errors).toEqual([fault]);
    (await query('&'.repeat(99))).expect(200);
  });

  it.each([
    ['limit=1&filter=%zz', 'the value of filter'],
    ['fil%ter=x', 'the name fil%ter'],
    ['filter=%C3', 'the value of filter'],
    ['filter=%ED%A0%80', 'the value of filter'],
  ])('[J3] 400 for the percent-encoding in %p, which names the place', async (text, place) => {
    const { detail } = (await query(text)).expect(400, 'malformed-form').json;
    expect(detail).toBe(`The body is not ${FORM}: ${place} has a percent-encoding that is not UTF-8.`);
  });

  it('[J3] 400 for bytes that are not UTF-8, while UTF-8 need not be percent-encoded', async () => {
    proves('J3');
    (await query(Buffer.from("filter=name=='a b\xe9'", 'latin1'))).expect(400, 'malformed-form');
    expect((await query("filter=name=='a bé'")).expect(200).json.items).toMatchObject([{ id: 'e' }]);
  });

  it('[J1] 400 for an empty Content-Type', async () => {
    (await query('limit=1', { 'content-type': '' })).expect(400, 'missing-content-type');
  });
});
