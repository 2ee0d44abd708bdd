import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendRaw } from '../support/raw-socket.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

// Rows of the conformance list about messages that node:http does not send.
describe('conformance, on the socket', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
  });
  afterAll(() => service.close());

  const expectOne = async (message: string, status: number, code: string) => {
    const answers = await sendRaw(service.api.url, message);
    expect(answers.map((answer) => answer.expect(status, code).headers.connection)).toEqual(['close']);
  };

  it.each([
    ['without Host', ''],
    ['with two Hosts', 'Host: a\r\nHost: a\r\n'],
    ['with a Host that is none', 'Host: not a host\r\n'],
    ['with a Host that has a path', 'Host: a/b\r\n'],
  ])('[B1] 400 to HTTP/1.1 %s', async (_name, fields) => {
    await expectOne(`GET /items HTTP/1.1\r\n${fields}Connection: close\r\n\r\n`, 400, 'malformed-request');
  });

  it.each(['get', 'Get', 'post'])('[B6] 501 to the method %s', async (method) => {
    await expectOne(`${method} /items HTTP/1.1\r\nHost: a\r\n\r\n`, 501, 'method-not-implemented');
  });

  const SMUGGLED = 'DELETE /items/kept HTTP/1.1\r\nHost: a\r\n\r\n';
  it.each([
    ['POST /items', 'Content-Type: text/plain', 415, 'unsupported-media-type'],
    ['POST /nowhere', 'Content-Type: application/json', 404, 'route-not-found'],
    ['DELETE /items/kept', 'Content-Type: application/json', 400, 'unexpected-content'],
    ['POST /items?nope=1', 'Content-Type: application/json', 400, 'invalid-query'],
  ])('[B13] [B33] refused %s with Expect: 100-continue and %s', async (line, field, status, code) => {
    const head = `${line} HTTP/1.1\r\nHost: a\r\n${field}\r\nExpect: 100-continue\r\nContent-Length: ${SMUGGLED.length}`;
    // Whether the client sends its content all the same or not: one final answer, no 100, and nothing read as a request.
    await expectOne(`${head}\r\n\r\n`, status, code);
    await expectOne(`${head}\r\n\r\n${SMUGGLED}`, status, code);
    (await service.api.get('/items/kept')).expect(200);
  });
});
