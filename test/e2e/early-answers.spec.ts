import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendRaw } from '../support/raw-socket.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** More than the system takes before the service reads it. */
const MUCH = Array.from({ length: 80 }, () => 'x'.repeat(100_000));
const OF_TEXT = 'Host: x\r\nContent-Type: text/plain\r\nContent-Length: 8000000\r\n';

describe('an answer before all content has come', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service.close());

  it.each([
    ['to a client that closes', `POST /example HTTP/1.1\r\nConnection: close\r\n${OF_TEXT}\r\n`, 405],
    [
      'to a client that closes, for an unknown path',
      `PUT /nothing HTTP/1.1\r\nConnection: close\r\n${OF_TEXT}\r\n`,
      404,
    ],
    ['to a client of HTTP/1.0', `PUT /items HTTP/1.0\r\n${OF_TEXT}\r\n`, 405],
    ['before garbage', 'GET /example HTTP/1.1\r\n\r\n', 400],
    [
      'to a client that waits for 100 and does not',
      `POST /nothing HTTP/1.1\r\nExpect: 100-continue\r\n${OF_TEXT}\r\n`,
      404,
    ],
    ['to an offer to upgrade', `PUT /items HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: x\r\n${OF_TEXT}\r\n`, 405],
  ])('is not lost to a reset: %s', async (_, head, status) => {
    const answers = await sendRaw(service.api.url, head, ...MUCH);
    expect(answers.map((answer) => answer.status)).toEqual([status]);
  });
});
