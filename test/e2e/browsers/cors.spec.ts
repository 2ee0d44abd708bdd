import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contract } from '../../../src/contract.js';
import { problemsOf, successesOf } from '../../../src/contract/operation.js';
import { CONDITION_FIELDS } from '../../../src/http/fields/conditions/condition.fields.js';
import { bearer, KEYS } from '../../support/access/known-keys.js';
import type { Answer } from '../../support/answer.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const APP = 'https://app.example';
const OTHER = 'https://other.example';
const PREFLIGHT = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type,if-match' };

/** What operations on an item read, beside conditions. */
const OF_ITEMS =
  'Accept, Authorization, Content-Type, Content-Encoding, Prefer, Idempotency-Key, X-Request-Id, Rehearse, traceparent, tracestate';

/** Fields that clients use. */
const NEEDED =
  'ETag, Location, Content-Location, Link, Retry-After, X-Request-Id, Preference-Applied, Idempotency-Replayed, Allow, ' +
  'Accept-Patch, Rehearsed';

/** The names in a list field, in lower case. */
const namesIn = (field: unknown) =>
  String(field)
    .split(', ')
    .map((name) => name.toLowerCase());
const corsFieldsOf = ({ headers }: Answer) => Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe('calls from web pages of other origins', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp({ corsOrigins: [APP, 'http://localhost:5173'], allowedHosts: ['127.0.0.1'] });
    (await service.api.put('/items/a', { name: 'x' })).expect(201);
  });
  afterAll(() => service?.close());

  const from = (origin: string, more: object = {}) => ({ headers: { origin, ...more } });

  describe('a preflight', () => {
    it('[L11] 204 with the methods of the resource and the fields that its operations read', async () => {
      const answer = (await service.api.call('OPTIONS', '/items/a', from(APP, PREFLIGHT))).expect(204);
      expect(answer.headers).toMatchObject({
        allow: 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT',
        'access-control-allow-origin': APP,
        'access-control-allow-methods': 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT',
        'access-control-max-age': '7200',
        vary: 'Accept, Origin',
        'cache-control': 'no-store',
      });
      const conditions = CONDITION_FIELDS.map(({ name }) => name.toLowerCase());
      expect(new Set(namesIn(answer.headers['access-control-allow-headers']))).toEqual(
        new Set([...namesIn(OF_ITEMS), ...conditions]),
      );
    });

    it('[L11] lets a page send a QUERY, with its type and conditions, and read Accept-Query', async () => {
      const asked = { 'access-control-request-method': 'QUERY', 'access-control-request-headers': 'content-type' };
      const { headers } = (await service.api.call('OPTIONS', '/items', from(APP, asked))).expect(204);
      expect(namesIn(headers['access-control-allow-methods'])).toContain('query');
      expect(namesIn(headers['access-control-allow-headers'])).toEqual(
        expect.arrayContaining(['content-type', 'content-encoding', 'if-none-match']),
      );
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = (await service.api.call('QUERY', '/items', { ...from(APP, type), body: 'limit=1' })).expect(200);
      expect(namesIn(answer.headers['access-control-expose-headers'])).toContain('accept-query');
    });

    it('[L11] names what the resource takes, not what was asked for', async () => {
      const asked = { ...PREFLIGHT, 'access-control-request-method': 'DELETE' };
      const answer = (await service.api.call('OPTIONS', '/example', from(APP, asked))).expect(204);
      expect(answer.headers['access-control-allow-methods']).toBe('GET, HEAD, OPTIONS');
      expect(namesIn(answer.headers['access-control-allow-headers'])).not.toContain('content-type');
      expect(namesIn(answer.headers['access-control-allow-headers'])).not.toContain('if-match');
    });

    it.each([
      OTHER,
      'null',
      `${APP}.evil.example`,
      `${APP}:8443`,
      'http://app.example',
      'HTTPS://APP.EXAMPLE',
      '*',
      '',
    ])('[L11] 204 without fields of CORS for the origin %j, which is not listed', async (origin) => {
      const answer = (await service.api.call('OPTIONS', '/items/a', from(origin, PREFLIGHT))).expect(204);
      expect(corsFieldsOf(answer)).toEqual([]);
      expect(answer.headers).toMatchObject({ allow: expect.stringContaining('PUT'), vary: 'Accept, Origin' });
    });

    it('[L11] OPTIONS that asks for no method is no preflight', async () => {
      const answer = (await service.api.call('OPTIONS', '/items/a', from(APP))).expect(204);
      expect(corsFieldsOf(answer)).toEqual(['access-control-allow-origin', 'access-control-expose-headers']);
    });

    it.each([
      ['/nothing', 404, 'route-not-found'],
      ['/items/%20', 400, 'invalid-path'],
    ])('of %s fails with %i, and says what the page may read of it only', async (target, status, code) => {
      const answer = (await service.api.call('OPTIONS', target, from(APP, PREFLIGHT))).expect(status, code);
      expect(corsFieldsOf(answer)).toEqual(['access-control-allow-origin']);
    });
  });

  describe('a request', () => {
    it('[L21] 200 that the page can read, with every declared field', async () => {
      const answer = (await service.api.get('/items/a', from(APP))).expect(200);
      expect(answer.headers['access-control-allow-origin']).toBe(APP);
      const declared = [...contract.operations, contract.outside].flatMap((one) => [
        ...successesOf(one).flatMap(([, { fields = [], optionalFields = [] }]) => [...fields, ...optionalFields]),
        ...problemsOf(one).flatMap(({ requiredFields }) => requiredFields),
      ]);
      const names = namesIn(answer.headers['access-control-expose-headers']);
      const ALWAYS = ['last-modified', 'connection'];
      expect(
        declared.map((name) => name.toLowerCase()).filter((name) => ![...names, ...ALWAYS].includes(name)),
      ).toEqual([]);
      expect(names).toEqual(expect.arrayContaining(namesIn(NEEDED)));
    });

    it('[L21] the second origin of the list is let in by its own name', async () => {
      const answer = (await service.api.get('/items/a', from('http://localhost:5173'))).expect(200);
      expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:5173');
    });

    it('[L21] problems carry the fields too, whoever refuses', async () => {
      const refused = [
        (await service.api.get('/items/absent', from(APP))).expect(404, 'item-not-found'),
        (await service.api.get('/nothing', from(APP))).expect(404, 'route-not-found'),
        (await service.api.call('PATCH', '/items', from(APP))).expect(405, 'method-not-allowed'),
        (await service.api.put('/items/a', {}, from(APP))).expect(400, 'invalid-body'),
        (await service.api.put('/items/a', { name: 'y' }, from(APP, { 'if-match': '"0"' }))).expect(
          412,
          'precondition-failed',
        ),
        (await service.api.get('/example', from(APP, { host: 'elsewhere.example' }))).expect(
          421,
          'misdirected-request',
        ),
        (await service.api.call('PROPFIND', '/items', from(APP))).expect(501, 'method-not-implemented'),
        (await service.api.get('/example', from(APP, { rehearse: '406; problem="not-acceptable"' }))).expect(
          406,
          'not-acceptable',
        ),
      ];
      for (const { headers } of refused) {
        expect(headers['access-control-allow-origin']).toBe(APP);
        expect(namesIn(headers['access-control-expose-headers'])).toContain('allow');
      }
    });

    it('[L21] the answer to another origin has no fields of CORS, and to none neither', async () => {
      for (const options of [from(OTHER), from('null'), {}]) {
        expect(corsFieldsOf((await service.api.get('/items/a', options)).expect(200))).toEqual([]);
      }
    });

    it('[L20] Vary names Origin on every answer, whatever the request', async () => {
      const etag = await service.api.entityTagOf('/items/a');
      const calls: [Answer, string][] = [
        [(await service.api.get('/items/a')).expect(200), 'Accept, Origin'],
        [(await service.api.get('/items/a', { headers: { 'if-none-match': etag } })).expect(304), 'Accept, Origin'],
        [(await service.api.call('HEAD', '/items')).expect(200), 'Accept, Origin'],
        [(await service.api.get('/openapi.json', from(OTHER))).expect(200), 'Accept, Origin'],
        [(await service.api.get('/nothing')).expect(404, 'route-not-found'), 'Origin'],
        [(await service.api.call('PATCH', '/items')).expect(405, 'method-not-allowed'), 'Accept, Origin'],
        [(await service.api.call('OPTIONS', '*')).expect(204), 'Origin'],
        [(await service.api.put('/items/a', { name: 'x' })).expect(200), 'Accept, Prefer, Origin'],
      ];
      expect(calls.map(([{ headers }]) => headers.vary)).toEqual(calls.map(([, vary]) => vary));
      const [ofParser] = await sendRaw(service.api.url, 1, 'nonsense\r\n\r\n');
      expect(ofParser.expect(400, 'malformed-request').headers.vary).toBe('Origin');
    });
  });
});

describe('a message whose body the parser refuses', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp({ corsOrigins: [APP], headersTimeoutMs: 200, requestTimeoutMs: 300 });
  });
  afterAll(() => service?.close());

  const post = (origin: string, rest: string) =>
    `POST /items HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\nContent-Type: application/json\r\n${rest}`;
  const BROKEN = 'Transfer-Encoding: chunked\r\n\r\nno chunk\r\n';
  const LATE = 'Content-Length: 9\r\n\r\n{';

  it.each([
    ['400 to chunks that are none', BROKEN, 400, 'malformed-request'],
    ['408 to half a body', LATE, 408, 'request-timeout'],
  ])('[L21] %s: the page can read it, if its origin is listed', async (_, rest, status, code) => {
    const [answer] = await sendRaw(service.api.url, 1, post(APP, rest));
    answer.expect(status, code);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': APP, vary: 'Origin' });
    expect(namesIn(answer.headers['access-control-expose-headers'])).toContain('x-request-id');
    const [hidden] = await sendRaw(service.api.url, 1, post(OTHER, rest));
    hidden.expect(status, code);
    expect([corsFieldsOf(hidden), hidden.headers.vary]).toEqual([[], 'Origin']);
  });

  it('[L21] a head that the parser refuses has no origin: no page can read the answer', async () => {
    const [answer] = await sendRaw(service.api.url, 1, post(APP, 'no field\r\n\r\n'));
    answer.expect(400, 'malformed-request');
    expect([corsFieldsOf(answer), answer.headers.vary]).toEqual([[], 'Origin']);
  });

  it('[L21] nor has one behind a request that had an origin', async () => {
    const sound = `GET /example HTTP/1.1\r\nHost: localhost\r\nOrigin: ${APP}\r\n\r\n`;
    const [first, answer] = await sendRaw(service.api.url, 2, `${sound}nonsense\r\n\r\n`);
    expect(first.expect(200).headers['access-control-allow-origin']).toBe(APP);
    expect(corsFieldsOf(answer.expect(400, 'malformed-request'))).toEqual([]);
  });
});

describe('calls from web pages of other origins, with access control', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp({ auth: 'required', corsOrigins: [APP] });
  });
  afterAll(() => service?.close());

  it('[L11] a preflight needs no credential, and lets the page send one', async () => {
    const headers = { origin: APP, authorization: '', ...PREFLIGHT };
    const answer = (await service.api.call('OPTIONS', '/items', { headers })).expect(204);
    expect(answer.headers['access-control-allow-origin']).toBe(APP);
    expect(namesIn(answer.headers['access-control-allow-headers'])).toContain('authorization');
  });

  it('[L21] the page can read 401 and 403, and their challenge', async () => {
    const as = (authorization: string) => ({ headers: { origin: APP, authorization } });
    const refused = [
      (await service.api.get('/items', as('Basic eDp5'))).expect(401, 'unauthenticated'),
      (await service.api.get('/items', as('Bearer none'))).expect(401, 'invalid-token'),
      (await service.api.get('/items', as(bearer(KEYS.stranger)))).expect(403, 'insufficient-scope'),
    ];
    for (const { headers } of refused) {
      expect(headers).toMatchObject({ 'access-control-allow-origin': APP, 'www-authenticate': expect.any(String) });
      expect(namesIn(headers['access-control-expose-headers'])).toContain('www-authenticate');
      expect(headers.vary).toBe('Accept, Origin');
    }
  });
});

describe('without CORS_ORIGINS', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  it('[L11] no answer has fields of CORS, and Vary names no Origin', async () => {
    const preflight = { headers: { origin: APP, ...PREFLIGHT } };
    const answers = [
      (await service.api.call('OPTIONS', '/items', preflight)).expect(204),
      (await service.api.get('/items', { headers: { origin: APP } })).expect(200),
      (await service.api.get('/nothing', { headers: { origin: APP } })).expect(404, 'route-not-found'),
    ];
    expect(answers.map(corsFieldsOf)).toEqual([[], [], []]);
    expect(answers.map(({ headers }) => headers.vary)).toEqual(['Accept', 'Accept', undefined]);
  });
});
