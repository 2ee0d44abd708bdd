import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const READ = 'GET, HEAD, OPTIONS';
const ALLOW: Record<string, string> = {
  '/': READ,
  '/items': 'GET, HEAD, OPTIONS, POST, QUERY',
  '/items/a': 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT',
  '/items/absent': 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT',
  '/example': READ,
  '/health/live': READ,
  '/health/ready': READ,
  '/docs': READ,
  '/docs/start.js': READ,
  '/openapi.json': READ,
};
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'];
const REFUSED = Object.entries(ALLOW).flatMap(([path, allow]) =>
  METHODS.filter((method) => !allow.split(', ').includes(method)).map((method): [string, string, string, string] => [
    rowOf(method, path),
    method,
    path,
    allow,
  ]),
);

function rowOf(method: string, path: string): string {
  if (path === '/items/absent' && method === 'POST') return 'A11';
  return { TRACE: 'B20', QUERY: 'J8' }[method] ?? 'B4';
}

const NO_ID = ['x'.repeat(129), 'a%20b', 'a%00', 'a%0Ab', '.a', '%C3%A4', 'a%2Fb', 'x'.repeat(7_000), '{id}', '%25'];

describe('methods and routes', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    (await service.api.put('/items/a', { name: 'x' })).expect(201);
  });
  afterAll(() => service?.close());

  it.each(REFUSED)('[%s] 405 for %s %s with Allow: %s', async (_, method, path, allow) => {
    const answer = (await service.api.call(method, path)).expect(405, 'method-not-allowed');
    expect(answer.headers).toMatchObject({ allow, 'cache-control': 'no-store' });
  });

  it.each(Object.keys(ALLOW))('[B5] HEAD and OPTIONS of %s work as the Allow of a 405 says', async (path) => {
    const refused = (await service.api.call('TRACE', path)).expect(405, 'method-not-allowed');
    expect(refused.headers.allow).toMatch(/GET, HEAD, OPTIONS/);
    (await service.api.call('HEAD', path)).expect(path === '/items/absent' ? 404 : 200);
    (await service.api.call('OPTIONS', path)).expect(204);
  });

  it('[A10] 405 before body, query and id are judged', async () => {
    const broken = { headers: { 'content-type': 'text/plain' }, body: '{' };
    for (const target of ['/items/a', '/items/a?x=1', '/items/%20', '/items/absent']) {
      (await service.api.call('POST', target, broken)).expect(405, 'method-not-allowed');
    }
  });

  it('[B20] TRACE sends nothing back', async () => {
    const answer = await service.api.call('TRACE', '/items', { headers: { 'x-secret': 'sesame' } });
    expect(answer.expect(405, 'method-not-allowed').text).not.toContain('sesame');
  });

  it('[B29] X-HTTP-Method-Override is not honoured', async () => {
    const headers = { 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE', 'x-method-override': 'DELETE' };
    (await service.api.call('POST', '/items/a', { headers })).expect(405, 'method-not-allowed');
    (await service.api.get('/items/a', { headers })).expect(200);
    (await service.api.get('/items/a')).expect(200);
  });

  it.each(Object.entries(ALLOW))('[B18] 204 for OPTIONS %s with Allow: %s', async (path, allow) => {
    const answer = (await service.api.call('OPTIONS', path)).expect(204);
    expect(answer.headers).toMatchObject({ allow, 'cache-control': 'no-store' });
  });

  it('[B18] OPTIONS of an item names the patch formats that it takes', async () => {
    const patches = 'application/merge-patch+json, application/json-patch+json, application/json';
    for (const path of ['/items/a', '/items/absent']) {
      expect((await service.api.call('OPTIONS', path)).expect(204).headers['accept-patch']).toBe(patches);
    }
    expect((await service.api.call('OPTIONS', '/items')).expect(204).headers).not.toHaveProperty('accept-patch');
  });

  it('204 for OPTIONS with a query or an empty Content-Type, which a client may send', async () => {
    (await service.api.call('OPTIONS', '/items?limit=5&x=1')).expect(204);
    (await service.api.call('OPTIONS', '/items', { headers: { 'content-type': 'text/plain' } })).expect(204);
  });

  it.each(['PROPFIND', 'MKCOL', 'LINK', 'PURGE', 'M-SEARCH', 'REPORT'])(
    '[B3] 501 for %s, known to the parser, on every path',
    async (method) => {
      for (const path of [...Object.keys(ALLOW), '/nothing']) {
        const answer = (await service.api.call(method, path)).expect(501, 'method-not-implemented');
        expect(answer.json.detail).toContain(method);
      }
    },
  );

  it.each([
    ['B3', 'FROB'],
    ['B3', 'GETT'],
    ['B3', "X!#$%&'*+.^_`|~-1"],
    ['B6', 'get'],
    ['B6', 'Get'],
  ])('[%s] 501 for %s, unknown to it', async (_, method) => {
    for (const path of ['/items', '/nothing']) {
      const [answer] = await sendRaw(service.api.url, 1, `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      expect(answer.expect(501, 'method-not-implemented').json.detail).toContain(method);
    }
  });

  describe.each(NO_ID.map((id) => [id.slice(0, 20), id]))('/items/%s', (_, id) => {
    it.each(['GET', 'DELETE', 'OPTIONS'])('[B12] 400 for %s', async (method) => {
      const answer = (await service.api.call(method, `/items/${id}`)).expect(400, 'invalid-path');
      expect(answer.json.errors).toEqual([
        {
          parameter: 'id',
          rule: 'pattern',
          detail: 'id must be 1 to 128 of A-Z a-z 0-9 . _ ~ : - and start with a letter or digit.',
        },
      ]);
    });

    it('[B12] 400 for HEAD, and for PUT with any body', async () => {
      (await service.api.call('HEAD', `/items/${id}`)).expect(400);
      (await service.api.put(`/items/${id}`, { name: 'x' })).expect(400, 'invalid-path');
      (await service.api.call('PUT', `/items/${id}`, { body: 'x' })).expect(400, 'invalid-path');
    });

    it('[B12] 405 for TRACE and POST, which come first', async () => {
      (await service.api.call('TRACE', `/items/${id}`)).expect(405, 'method-not-allowed');
      (await service.api.post(`/items/${id}`, { id, name: 'x' })).expect(405, 'method-not-allowed');
    });
  });

  it.each(['/nothing', '/Items', '/items/a/notes', '/items/a/', '/example/', '/.env', '/constructor'])(
    '[B7] 404 for %s, which is not a route, with any method',
    async (path) => {
      for (const method of METHODS.filter((one) => one !== 'HEAD')) {
        const answer = (await service.api.call(method, path)).expect(404, 'route-not-found');
        expect(answer.json.detail).toContain(path);
        expect(answer.headers['cache-control']).toBe('no-store');
      }
      (await service.api.call('HEAD', path)).expect(404);
    },
  );

  it.each([
    '/items/',
    '//items',
    '/items//',
    '/items/?limit=5',
    '//',
    '/items//a',
    '/items;v=1',
    '/docs/',
    '/docs/none.css',
  ])('[B34] 404 for %s, which is not a route', async (path) => {
    (await service.api.get(path)).expect(404, 'route-not-found');
  });

  it.each(['/nothing/', '/items/a/notes/', '/items/.a/', '/itmes', '/items/x/y/', '/%2e/items'])(
    '[B34] 404 for %s, which resembles no path',
    async (path) => {
      expect((await service.api.get(path)).expect(404, 'route-not-found').json.detail).toBe(
        `There is no resource at ${path}. GET / lists the resources.`,
      );
    },
  );

  it('[B34] 404 for an id as links encode it, with an extra slash', async () => {
    const answer = (await service.api.get('/items/a%3Ab/')).expect(404, 'route-not-found');
    expect(answer.json.detail).toContain('at /items/a%3Ab/. Did you mean /items/a%3Ab?');
  });

  it('[B34] 404 for an absolute URI names the right path', async () => {
    const answer = (await service.api.get(`${service.api.url}/items/`)).expect(404, 'route-not-found');
    expect(answer.json.detail).toContain('at /items/. Did you mean /items?');
  });

  it('[B7] 404 before body and query are judged', async () => {
    const broken = { headers: { 'content-type': 'text/plain' }, body: '{' };
    (await service.api.call('POST', '/nothing?x=1&x=2', broken)).expect(404, 'route-not-found');
  });

  it('404 does not repeat more than 200 characters of a path', async () => {
    const answer = (await service.api.get(`/${'x'.repeat(5_000)}`)).expect(404, 'route-not-found');
    expect(answer.text.length).toBeLessThan(600);
  });
});

describe('OPTIONS, which no controller serves', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  it('400 with a body', async () => {
    const answer = await service.api.call('OPTIONS', '/items', { body: 'content' });
    answer.expect(400, 'unexpected-content');
  });

  it('417 with an unknown expectation', async () => {
    const answer = await service.api.call('OPTIONS', '/items', { headers: { expect: 'the-impossible' } });
    answer.expect(417, 'expectation-failed');
  });
});
