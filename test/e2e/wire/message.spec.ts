import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proves } from '../../support/proof.js';
import { withCredential } from '../../support/access/default-access.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const BAD_HOSTS = ['a b', 'http://x', 'x/y', 'x?y', 'x:80:80', 'x:port', '[::1', 'user@x', 'é', '<x>'];
const JSON_FIELDS = 'Content-Type: application/json\r\nTransfer-Encoding: chunked';

describe('the HTTP message', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    (await service.api.put('/items/a', { name: 'x' })).expect(201);
  });
  afterAll(() => service?.close());

  /** Sends one request with these lines after the first, and returns the only answer. */
  const send = async (
    requestLine: string,
    lines: string[] = ['Host: localhost', 'Connection: close'],
    content = '',
  ) => {
    const [answer] = await sendRaw(service.api.url, 1, [requestLine, ...lines, '', content].join('\r\n'));
    return answer;
  };
  const NEXT = 'GET /example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

  describe('Host', () => {
    it('[B1] 400 when it is missing in HTTP/1.1', async () => {
      (await send('GET /example HTTP/1.1', ['Connection: close'])).expect(400, 'malformed-request');
    });

    it('[B1] 400 when there are two, equal ones too', async () => {
      const lines = ['Host: localhost', 'Host: localhost', 'Connection: close'];
      (await send('GET /example HTTP/1.1', lines)).expect(400, 'malformed-request');
    });

    it.each(BAD_HOSTS)('[B1] 400 when it is %s', async (host) => {
      const lines = [`Host: ${host}`, 'Connection: close'];
      (await send('GET /example HTTP/1.1', lines)).expect(400, 'malformed-request');
    });

    it.each(['localhost', 'LocalHost:80', '127.0.0.1:3000', '[::1]:3000', 'x.localhost.', ''])(
      '200 when it is %j',
      async (host) => {
        (await send('GET /example HTTP/1.1', [`Host: ${host}`, 'Connection: close'])).expect(200);
      },
    );

    it('200 without one in HTTP/1.0', async () => {
      (await send('GET /example HTTP/1.0', [])).expect(200);
    });

    it('[A1] 400 for Host before route and method', async () => {
      (await send('POST /nothing HTTP/1.1', ['Connection: close'])).expect(400, 'malformed-request');
    });
  });

  describe('the target', () => {
    it.each(['/items/%E0%A4%A', '/items/%', '/items/%zz', '/%ff', '/nothing/%C3', '/items/%ED%A0%80'])(
      '[B11] 400 for %s, on every method',
      async (target) => {
        for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
          (await service.api.call(method, target)).expect(400, 'malformed-request');
        }
        (await service.api.call('HEAD', target)).expect(400);
      },
    );

    it('[B11] a query that is not percent-encoded UTF-8 is not read as a limit', async () => {
      (await service.api.get('/items?limit=%E0%A4%A')).expect(400, 'invalid-query');
      (await service.api.get('/items?%ff=1')).expect(400, 'invalid-query');
    });

    it.each(['/example#top', '/items#limit=1', 'example', '*', 'x:80', '/items/é'])(
      '[B31] 400 for %s',
      async (target) => {
        (await send(`GET ${target} HTTP/1.1`)).expect(400, 'malformed-request');
      },
    );

    it.each(['http://localhost/example', 'HTTPS://LOCALHOST:99/example', 'http://127.0.0.1/example?'])(
      '200 for the absolute URI %s',
      async (target) => {
        expect((await send(`GET ${target} HTTP/1.1`)).expect(200).json).toEqual({ message: 'Success!' });
      },
    );

    it.each(['http:///items', 'http://', 'http://:80/items', 'http://user@x/items', 'http://a b/', 'ftp://x/items'])(
      '400 for the absolute URI %s',
      async (target) => {
        (await send(`GET ${target} HTTP/1.1`)).expect(400, 'malformed-request');
      },
    );

    it('200 for an absolute URI without a path, 404 for one with an unknown path', async () => {
      expect((await send('GET http://localhost HTTP/1.1')).expect(200).json.service).toBe('Items');
      (await send('GET http://localhost/nothing HTTP/1.1')).expect(404, 'route-not-found');
    });

    it('[B19] 204 for OPTIONS *', async () => {
      (await send('OPTIONS * HTTP/1.1')).expect(204);
    });

    it.each(['/items', 'x.test:443'])('[B3] 501 for CONNECT %s', async (target) => {
      (await send(`CONNECT ${target} HTTP/1.1`)).expect(501, 'method-not-implemented');
    });
  });

  describe('what the parser refuses', () => {
    it.each(['hello world', '\x16\x03\x01\x02', '{"id":1}', 'GET', 'GET /items FTP/1.1', 'GET  HTTP/1.1'])(
      '[B3] 400 for %j, and the connection is closed',
      async (line) => {
        expect((await send(line, [''])).expect(400, 'malformed-request').headers.connection).toBe('close');
      },
    );

    it.each(['X: a\rb', 'X : a', 'X: a\r\n b', 'X: a\0b', ': a', 'no colon'])(
      '400 for the field line %j',
      async (line) => {
        (await send('GET /example HTTP/1.1', ['Host: localhost', line])).expect(400, 'malformed-request');
      },
    );

    it.each(['X: a', 'Content-Length: 1, 2', 'Transfer-Encoding: chunked, identity'])(
      'no body in answer to HEAD with the broken line after %s',
      async (line) => {
        const lines = ['Host: localhost', line, 'broken'];
        expect((await send('HEAD /example HTTP/1.1', lines)).expect(400).text).toBe('');
      },
    );

    it.each(['HTTP/1', 'HTTP/1.11', 'HTTP/x.1', 'HTTP/1.1 ', 'http/1.1', 'HTTP/11'])(
      '400 for %j, which is not a version',
      async (version) => {
        (await send(`GET /example ${version}`)).expect(400, 'malformed-request');
      },
    );

    it('[B30] 505 for the preface of HTTP/2', async () => {
      (await send('PRI * HTTP/2.0', ['', 'SM', ''])).expect(505, 'version-not-supported');
    });

    it.each(['HTTP/1.2', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/3.0'])('[B30] 505 for %s', async (version) => {
      (await send(`GET /example ${version}`)).expect(505, 'version-not-supported');
    });

    it('[B30] 505 for a request line without a version, which is HTTP/0.9', async () => {
      (await send('GET /example', [''])).expect(505, 'version-not-supported');
    });

    it.each([
      ['Content-Length and Transfer-Encoding', ['Content-Length: 3', 'Transfer-Encoding: chunked']],
      ['two equal Content-Lengths', ['Content-Length: 2', 'Content-Length: 2']],
      ['a Content-Length of two', ['Content-Length: 2, 2']],
      ['a negative Content-Length', ['Content-Length: -2']],
      ['a Content-Length in hex', ['Content-Length: 0x2']],
      ['an endless Content-Length', ['Content-Length: 99999999999999999999999']],
      ['an unknown Transfer-Encoding', ['Transfer-Encoding: foo']],
      ['a second Transfer-Encoding', ['Transfer-Encoding: gzip, chunked']],
      ['chunked twice', ['Transfer-Encoding: chunked, chunked']],
    ])('[B2] 400 for %s, and nothing after it is read as a request', async (_, fields) => {
      const lines = ['Host: localhost', 'Content-Type: application/json', ...fields];
      const answer = await send('POST /items HTTP/1.1', lines, `2\r\n{}\r\n0\r\n\r\n${NEXT}`);
      expect(answer.expect(400, 'malformed-request').headers.connection).toBe('close');
    });

    it('[B2] 400 for a bad chunk, at once or later', async () => {
      const lines = ['Host: localhost', ...JSON_FIELDS.split('\r\n')];
      (await send('POST /items HTTP/1.1', lines, `xyz\r\n${NEXT}`)).expect(400, 'malformed-request');
      const head = ['POST /items HTTP/1.1', ...lines, '', ''].join('\r\n');
      const [answer] = await sendRaw(service.api.url, 1, head, '2\r\n{}\r\n', 'q\r\n', NEXT);
      answer.expect(400, 'malformed-request');
    });

    it('a bad chunk gets no second answer if the head has already decided', async () => {
      const head = `POST /example HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`;
      const [answer] = await sendRaw(service.api.url, 1, `${head}zz\r\n`);
      answer.expect(405, 'method-not-allowed');
    });

    it.each([
      ['nonsense', 'GARBAGE GARBAGE\r\n\r\n', 400, 'malformed-request'],
      ['an unknown method', 'FROB /items HTTP/1.1\r\nHost: localhost\r\n\r\n', 501, 'method-not-implemented'],
    ])('[B32] the requests before %s get their own answers first', async (_, broken, status, code) => {
      const put = `PUT /items/b32 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"name":"x"}`;
      // Behind a body an unknown method can't be told from nonsense.
      const get = `GET /items/a HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      const [written, read, refused] = await sendRaw(service.api.url, 3, `${put}${get}${broken}${NEXT}`);
      expect([200, 201]).toContain(written.status);
      expect(read.expect(200).json.id).toBe('a');
      expect(refused.expect(status, code).headers.connection).toBe('close');
    });
  });

  it('a client that closes its sending side after the request gets its answer', async () => {
    const { port } = new URL(service.api.url);
    const socket = connect({ host: '127.0.0.1', port: Number(port), allowHalfOpen: true });
    const content = '{"name":"x"}';
    const fields = `Host: localhost\r\nContent-Type: application/json\r\nContent-Length: ${content.length}`;
    socket.end(withCredential(service.api.url, `PUT /items/half HTTP/1.1\r\n${fields}\r\n\r\n${content}`));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 201 /);
  });

  describe('Expect', () => {
    const expecting = (...fields: string[]) =>
      ['POST /items HTTP/1.1', 'Host: localhost', 'Content-Length: 23', ...fields, '', ''].join('\r\n');

    it('[B13] 100, then 201, if the head is not refused', async () => {
      const fields = ['Content-Type: application/json', 'Connection: close', 'Expect: 100-Continue'];
      const [interim, final] = await sendRaw(service.api.url, 2, expecting(...fields), '{"id":"b13","name":"x"}');
      expect(interim.status).toBe(100);
      final.expect(201);
    });

    it('[B13] [B33] 415 at once, without 100, and the connection is closed', async () => {
      const [answer] = await sendRaw(service.api.url, 1, expecting('Content-Type: text/plain', 'Expect: 100-continue'));
      proves('B13');
      answer.expect(415, 'unsupported-media-type');
      proves('B33');
      expect(answer.headers.connection).toBe('close');
    });

    it.each(['100-continue,', ' , 100-continue', '100-continue, 100-continue'])('[B13] 100 for %j', async (field) => {
      const fields = ['Content-Type: application/json', 'Connection: close', `Expect: ${field}`];
      const [interim, final] = await sendRaw(service.api.url, 2, expecting(...fields), '{"id":"a","name":"abc"}');
      expect(interim.status).toBe(100);
      final.expect(409, 'item-exists');
    });

    it.each(['', ',', ' , ,'])('no 100 if nothing is expected: %j', async (field) => {
      const fields = ['Content-Type: application/json', 'Connection: close', `Expect: ${field}`];
      const [answer] = await sendRaw(service.api.url, 1, expecting(...fields), '{"id":"a","name":"abc"}');
      answer.expect(409, 'item-exists');
    });

    it('[B14] 417 for any other expectation', async () => {
      const fields = ['Content-Type: application/json', 'Connection: close', 'Expect: magic'];
      const [answer] = await sendRaw(service.api.url, 1, expecting(...fields), '{"id":"b14","name":"x"}');
      answer.expect(417, 'expectation-failed');
      (await service.api.get('/items/b14')).expect(404, 'item-not-found');
    });
  });

  it.each(['Content-Type', 'Authorization', 'Idempotency-Key'])(
    '[B31] 400 for two fields %s; Node would keep only the first',
    async (name) => {
      const lines = ['Host: localhost', `${name}: application/json`, `${name}: application/json`, 'Content-Length: 2'];
      const answer = await send('POST /items HTTP/1.1', [...lines, 'Connection: close'], '{}');
      expect(answer.expect(400, 'malformed-request').json.detail).toContain(name.toLowerCase());
    },
  );

  it('a client that hangs up in the middle of a body is no error of the service', async () => {
    const head = ['POST /items HTTP/1.1', 'Host: localhost', JSON_FIELDS, '', ''].join('\r\n');
    const [refused] = await sendRaw(service.api.url, 1, `${head}zz\r\n`);
    const { 'x-request-id': id } = refused.expect(400, 'malformed-request').headers;
    expect(service.log.filter(({ requestId }) => requestId === id)).toMatchObject([{ level: 'info', status: 400 }]);

    const arriving = once(service.app.getHttpServer(), 'request') as Promise<[IncomingMessage]>;
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(service.api.url).port) });
    socket.write(withCredential(service.api.url, `${head}2\r\n{`));
    const [request] = await arriving;
    const gone = once(request.socket, 'close');
    socket.destroy();
    await gone;
    (await service.api.get('/example')).expect(200);
    expect(service.log.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  describe('X-Request-Id', () => {
    it.each(['a', 'A-z_0.9', 'x'.repeat(128)])('[P9] %.40s is kept, also in the problem and the log', async (id) => {
      const answer = await service.api.get('/nothing', { headers: { 'x-request-id': id } });
      expect(answer.expect(404, 'route-not-found').headers['x-request-id']).toBe(id);
      expect(answer.json.requestId).toBe(id);
      expect(service.log.some(({ requestId }) => requestId === id)).toBe(true);
    });

    it.each(['', 'a b', 'x'.repeat(129), 'a,b', '"a"'])('[P9] %.40j is replaced', async (id) => {
      const answer = (await service.api.get('/example', { headers: { 'x-request-id': id } })).expect(200);
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('[P9] two of them are replaced by a new one', async () => {
      const answer = await service.api.get('/example', { headers: { 'x-request-id': ['a', 'b'] } });
      expect(answer.expect(200).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    });
  });

  it.each([
    ['GET', '/items', 200, 'private, no-cache'],
    ['GET', '/items/a', 200, 'private, no-cache, no-transform'],
    ['GET', '/items?limit=0', 400, 'no-store'],
    ['PUT', '/items/a', 400, 'no-store'],
    ['GET', '/', 200, 'no-store'],
    ['GET', '/example', 200, 'no-store'],
    ['GET', '/health/ready', 200, 'no-store'],
    ['GET', '/docs', 200, 'public, max-age=300'],
    ['GET', '/docs/swagger-ui.css', 200, 'public, max-age=300'],
    ['GET', '/openapi.json', 200, 'public, max-age=300'],
  ])('[D19] %s %s: %i has Cache-Control: %s', async (method, target, status, cacheControl) => {
    const answer = await service.api.call(method, target);
    expect([answer.status, answer.headers['cache-control']]).toEqual([status, cacheControl]);
  });

  it.each([
    ['GET', '/items/absent', 404, 'private, no-cache, no-transform'],
    ['DELETE', '/items/absent', 404, 'no-store'],
    ['GET', '/nothing', 404, 'no-store'],
    ['PATCH', '/items', 405, 'no-store'],
    ['PROPFIND', '/items', 501, 'no-store'],
  ])('[D20] %s %s: %i has Cache-Control: %s', async (method, target, status, cacheControl) => {
    const answer = await service.api.call(method, target);
    expect([answer.status, answer.headers['cache-control']]).toEqual([status, cacheControl]);
  });
});

describe('the HTTP message, with AUTH=off', () => {
  let open: TestApp;
  beforeAll(async () => {
    open = await startTestApp({ auth: 'off' });
  });
  afterAll(() => open?.close());

  it.each(['x', 'X.test:80', 'x.test.', 'a_b', 'a,b', '%41'])(
    '[L10] 421 when Host is %j, which is a host, but not ours',
    async (host) => {
      const message = `GET /example HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      const [answer] = await sendRaw(open.api.url, 1, message);
      answer.expect(421, 'misdirected-request');
    },
  );
});
