import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendRaw } from '../support/raw-socket.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('a request that does not arrive in time', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp({ requestTimeoutMs: 200 });
  });
  afterAll(() => service.close());

  it.each([
    ['half a head', 'GET /items HTTP/1.1\r\nHost: x\r\nX-'],
    [
      'half the content',
      'POST /items HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    ],
  ])('[B10] 408 after %s, and the connection is closed', async (_, sent) => {
    const [answer] = await sendRaw(service.api.url, sent);
    expect(answer?.expect(408, 'request-timeout').headers.connection).toBe('close');
  });
});
