import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendRaw } from '../support/raw-socket.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ROUNDS = 10;

describe('requests pipelined in one packet', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  const message = (method: string, id: string, content: Buffer | string = '', fields = '') =>
    Buffer.concat([
      Buffer.from(
        `${method} /items/${id} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${fields}` +
          `Content-Length: ${content.length}\r\n\r\n`,
      ),
      Buffer.from(content),
    ]);
  const CLOSE = 'Connection: close\r\n';
  const statusesOf = async (...messages: Buffer[]) => {
    const answers = await sendRaw(service.api.url, Buffer.concat(messages));
    return answers.map(({ status }) => status);
  };

  it('are carried out in their order where one changes something', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `order-${round}`;
      const put = message('PUT', id, '{"name":"x"}');
      const statuses = await statusesOf(
        put,
        message('GET', id),
        message('DELETE', id),
        message('GET', id),
        put,
        message('DELETE', id, '', CLOSE),
      );
      expect(statuses).toEqual([201, 200, 204, 404, 201, 204]);
    }
  });

  it.each([
    ['no Host', 'GET /example HTTP/1.1\r\n\r\n', 400],
    [
      'an expectation that is refused',
      `PUT /items/x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n`,
      415,
    ],
    ['a target that is none', 'GET /items#x HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ])(
    '[B32] those before one with %s all get their answers, also where they wait for a write',
    async (_, broken, status) => {
      for (const [index, method] of ['GET', 'DELETE'].entries()) {
        const id = `before-${broken.length}-${index}`;
        const put = message('PUT', id, '{"name":"x"}');
        const read = method === 'GET' ? 200 : 204;
        expect(await statusesOf(put, message(method, id), Buffer.from(broken), message('DELETE', id))).toEqual([
          201,
          read,
          status,
        ]);
      }
    },
  );

  it('the last write wins, also where the first takes longer to read', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `last-${round}`;
      const first = message('PUT', id, gzipSync('{"name":"first"}'), 'Content-Encoding: gzip\r\n');
      expect(await statusesOf(first, message('PUT', id, '{"name":"second"}', CLOSE))).toEqual([201, 200]);
      expect((await service.api.get(`/items/${id}`)).expect(200).json.name).toBe('second');
    }
  });
});
