import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendApart, sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const NEXT = 'GET /example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
const NONE = '0\r\n\r\n';
const BYTE = '1\r\nx\r\n0\r\n\r\n';

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp();
  (await service.api.put('/items/a', { name: 'x' })).expect(201);
});
afterAll(() => service.close());

const head = (line: string, fields = '') => `${line} HTTP/1.1\r\nHost: localhost\r\n${CHUNKED}${fields}\r\n`;
const expectStatuses = async (statuses: number[], ...parts: string[]) => {
  const answers = await sendApart(service.app.getHttpServer(), statuses.length, ...parts);
  expect(answers.map(({ status }) => status)).toEqual(statuses);
};

describe('an empty chunked body where no body is allowed', () => {
  it.each([
    ['[B21] GET /items/a', 200],
    ['[B21] HEAD /items/a', 200],
    ['[B21] GET /items', 200],
    ['[B21] GET /items/absent', 404],
    ['[B21] GET /items/a?x=1', 400],
    ['[B21] GET /nowhere', 404],
    ['[B21] GET /health/live', 200],
    ['[B22] DELETE /items', 405],
    ['[B22] DELETE /items/absent', 404],
    ['OPTIONS /items/a', 204],
    ['OPTIONS *', 204],
  ])('%s: %i, as without it, and the connection is kept', async (name, status) => {
    const line = name.replace(/^\[.*\] /, '');
    for (const end of [NONE, '0;ext=1\r\n\r\n', '000\r\nX-Trailer: x\r\n\r\n']) {
      await expectStatuses([status, 200], head(line), end, NEXT);
      await expectStatuses([status, 200], head(line) + end + NEXT);
    }
  });

  it('[B22] 204 for DELETE with any Content-Type and Content-Encoding', async () => {
    for (const fields of ['', 'Content-Type: text/plain\r\nContent-Encoding: br\r\n']) {
      await service.api.put('/items/d', { name: 'x' });
      await expectStatuses([204, 200], head('DELETE /items/d', fields) + NONE + NEXT);
    }
  });

  it('[B21] 406 and 417 are judged as without it', async () => {
    await expectStatuses([406, 200], head('GET /items/a', 'Accept: text/html\r\n') + NONE + NEXT);
    await expectStatuses([417], head('GET /items/a', 'Expect: magic\r\n'), NONE + NEXT);
  });

  it('[B13] 100 is sent if the client waits for it, and a refusal at once', async () => {
    const expecting = 'Expect: 100-continue\r\n';
    await expectStatuses([100, 200, 200], head('GET /items/a', expecting), NONE + NEXT);
    await expectStatuses([100, 400, 200], head('GET /items/a', expecting), BYTE + NEXT);
    const [refused] = await sendRaw(service.api.url, 1, head('GET /items/a', `${expecting}Accept: text/html\r\n`));
    refused.expect(406, 'not-acceptable');
  });

  it('runs in its order among pipelined requests', async () => {
    for (let round = 0; round < 5; round += 1) {
      const put = `PUT /items/p HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"name":"x"}`;
      const remove = head('DELETE /items/p') + NONE;
      const read = 'GET /items/p HTTP/1.1\r\nHost: localhost\r\n\r\n';
      const all = put + head('GET /items/p') + NONE + remove + read + put + remove + remove + NEXT;
      await expectStatuses([201, 200, 204, 404, 201, 204, 404, 200], all);
    }
  });
});

describe('a chunked body with bytes where no body is allowed', () => {
  it.each(['[B21] GET /items/a', '[B21] GET /health/ready', '[B22] DELETE /items/a', 'OPTIONS /items'])(
    '%s: 400, and the connection is kept',
    async (name) => {
      const line = name.replace(/^\[.*\] /, '');
      for (const fields of ['', 'Accept: text/html\r\n', 'Content-Type: text/plain\r\n']) {
        const [refused, next] = await sendApart(service.app.getHttpServer(), 2, head(line, fields), BYTE, NEXT);
        refused.expect(400, 'unexpected-content');
        next.expect(200);
      }
      (await service.api.get('/items/a')).expect(200);
    },
  );

  it('[B21] 400 as soon as the first byte is there, and for HEAD without a body', async () => {
    const [answer, next] = await sendApart(service.app.getHttpServer(), 2, head('HEAD /items/a'), BYTE, NEXT);
    expect(answer.expect(400).text).toBe('');
    next.expect(200);
    const parts = [head('GET /items/a', 'Connection: close\r\n'), '5\r\nx'];
    await expectStatuses([400], ...parts);
  });

  it('[B2] 400 malformed-request for a bad chunk', async () => {
    const [answer] = await sendRaw(service.api.url, 1, `${head('GET /items/a')}zz\r\n`);
    answer.expect(400, 'malformed-request');
  });
});

describe('an empty chunked body where a body is required', () => {
  it.each(['POST /items', 'PUT /items/a', 'PATCH /items/a'])(
    '[E7] 400 for %s with any Content-Type, and 415 if it has bytes',
    async (line) => {
      for (const fields of ['', 'Content-Type: text/plain\r\n', 'Content-Type: application/json\r\n']) {
        const [missing, next] = await sendApart(service.app.getHttpServer(), 2, head(line, fields), NONE, NEXT);
        missing.expect(400, 'invalid-body');
        next.expect(200);
      }
      const [refused, next] = await sendApart(service.app.getHttpServer(), 2, head(line), BYTE, NEXT);
      expect(refused.status).toBe(415);
      next.expect(200);
    },
  );

  it('[B13] 415 at once for a client that waits for 100', async () => {
    const [refused] = await sendRaw(service.api.url, 1, head('POST /items', 'Expect: 100-continue\r\n'));
    refused.expect(415, 'unsupported-media-type');
  });
});

describe('a chunked body that never comes', () => {
  let impatient: TestApp;
  beforeAll(async () => {
    impatient = await startTestApp({ headersTimeoutMs: 200, requestTimeoutMs: 400 });
  });
  afterAll(() => impatient.close());

  it.each(['GET /items/a', 'DELETE /items/a'])('[B10] 408 for %s', async (line) => {
    const [answer] = await sendRaw(impatient.api.url, 1, head(line));
    answer.expect(408, 'request-timeout');
  });
});
