import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

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
        `${method} /items/${id} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${fields}` +
          `Content-Length: ${content.length}\r\n\r\n`,
      ),
      Buffer.from(content),
    ]);
  const CLOSE = 'Connection: close\r\n';
  const expectStatuses = async (statuses: number[], ...messages: Buffer[]) => {
    const answers = await sendRaw(service.api.url, statuses.length, Buffer.concat(messages));
    expect(answers.map(({ status }) => status)).toEqual(statuses);
  };

  it('are carried out in their order if one changes something', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `order-${round}`;
      const put = message('PUT', id, '{"name":"x"}');
      await expectStatuses(
        [201, 200, 204, 404, 201, 204],
        put,
        message('GET', id),
        message('DELETE', id),
        message('GET', id),
        put,
        message('DELETE', id, '', CLOSE),
      );
    }
  });

  it.each([
    ['no Host', 'GET /example HTTP/1.1\r\n\r\n', 400],
    [
      'a refused expectation',
      `PUT /items/x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n`,
      415,
    ],
    ['a malformed target', 'GET /items#x HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ])(
    '[B32] those before one with %s all get their answers, also if they wait for a write',
    async (_, broken, status) => {
      for (const [index, method] of ['GET', 'DELETE'].entries()) {
        const id = `before-${broken.length}-${index}`;
        const put = message('PUT', id, '{"name":"x"}');
        const read = method === 'GET' ? 200 : 204;
        const statuses = [201, read, status];
        await expectStatuses(statuses, put, message(method, id), Buffer.from(broken), message('DELETE', id));
      }
    },
  );

  it('the last write wins, also if the first takes longer to read', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `last-${round}`;
      const first = message('PUT', id, gzipSync('{"name":"first"}'), 'Content-Encoding: gzip\r\n');
      await expectStatuses([201, 200], first, message('PUT', id, '{"name":"second"}', CLOSE));
      expect((await service.api.get(`/items/${id}`)).expect(200).json.name).toBe('second');
    }
  });
});
