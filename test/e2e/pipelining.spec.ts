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
  afterAll(() => service.close());

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

  it('the last write wins, also where the first takes longer to read', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `last-${round}`;
      const first = message('PUT', id, gzipSync('{"name":"first"}'), 'Content-Encoding: gzip\r\n');
      expect(await statusesOf(first, message('PUT', id, '{"name":"second"}', CLOSE))).toEqual([201, 200]);
      expect((await service.api.get(`/items/${id}`)).expect(200).json.name).toBe('second');
    }
  });
});
