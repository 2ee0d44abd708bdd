import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { invalidPath } from '../../../src/http/head/head.problems.js';
import { AnswersUnderWay } from '../../../src/http/wire/answers-under-way.js';
import { malformedRequest } from '../../../src/http/wire/message.problems.js';
import { withCredential } from '../../support/access/default-access.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

// A check of the head may wait for something, such as the lookup of a credential. This one waits if a request has the field
// X-Wait, and then refuses the request if it asks for that.
describe('a check of the head that waits', () => {
  let service: TestApp;
  /** Lets the waiting requests continue, in the order in which they came. */
  let waiting: (() => void)[] = [];

  const lastCheck = ({ headers }: FastifyRequest): Promise<void> | void => {
    if (headers['x-wait'] === undefined) return;
    return new Promise((resolve, reject) => {
      waiting.push(() => {
        if (headers['x-wait'] === 'refuse') reject(invalidPath([]));
        else if (headers['x-wait'] === 'close') reject(malformedRequest('Refused.'));
        else resolve();
      });
    });
  };
  const areWaiting = async (count: number) => {
    while (waiting.length < count) await nextTurn();
  };
  const message = (method: string, id: string, fields = '', body = '') =>
    `${method} /items/${id} HTTP/1.1\r\nHost: localhost\r\n${fields}` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const sent = (text: string) => withCredential(service.api.url, text);
  const WAIT = 'X-Wait: pass\r\n';
  const CLOSE = 'Connection: close\r\n';

  beforeAll(async () => {
    service = await startTestApp({}, lastCheck);
  });
  beforeEach(() => {
    waiting = [];
  });
  afterAll(() => service?.close());

  it('makes only its own request wait', async () => {
    const late = service.api.put('/items/late', { name: 'x' }, { headers: { 'x-wait': 'pass' } });
    await areWaiting(1);
    (await service.api.put('/items/early', { name: 'x' })).expect(201);
    (await service.api.get('/items/late')).expect(404, 'item-not-found');
    waiting[0]!();
    (await late).expect(201);
  });

  it('refuses with its problem, and the connection is kept', async () => {
    const answers = sendRaw(
      service.api.url,
      2,
      message('PUT', 'refused', 'X-Wait: refuse\r\n', '{"name":"x"}') + message('GET', 'refused', CLOSE),
    );
    await areWaiting(1);
    waiting[0]!();
    const [first, second] = await answers;
    first.expect(400, 'invalid-path');
    second.expect(404, 'item-not-found');
  });

  it.each([1, 2, 3])('keeps the order of pipelined requests if the one in place %i waits', async (place) => {
    const id = `order-${place}`;
    const requests = [
      (fields: string) => message('PUT', id, fields, '{"name":"x"}'),
      (fields: string) => message('GET', id, fields),
      (fields: string) => message('DELETE', id, fields),
      (fields: string) => message('GET', id, fields),
    ];
    const fieldsOf = (index: number) => (index + 1 === place ? WAIT : '') + (index === 3 ? CLOSE : '');
    const answers = sendRaw(service.api.url, 4, requests.map((request, index) => request(fieldsOf(index))).join(''));
    await areWaiting(1);
    waiting[0]!();
    expect((await answers).map(({ status }) => status)).toEqual([201, 200, 204, 404]);
  });

  it('keeps the order of answers if the checks of one packet end during another', async () => {
    const answers = sendRaw(service.api.url, 2, message('GET', 'a', WAIT) + message('GET', 'b', WAIT + CLOSE));
    await areWaiting(2);
    waiting[1]!();
    await nextTurn();
    waiting[0]!();
    const [first, second] = await answers;
    expect(first.json.detail).toContain('no item a.');
    expect(second.json.detail).toContain('no item b.');
  });

  it('carries out nothing after a request that it refuses with Connection: close', async () => {
    const answers = sendRaw(
      service.api.url,
      1,
      message('GET', 'x', 'X-Wait: close\r\n') + message('PUT', 'behind', '', '{"name":"x"}'),
    );
    await areWaiting(1);
    waiting[0]!();
    const [answer] = await answers;
    answer.expect(400, 'malformed-request');
    (await service.api.get('/items/behind')).expect(404, 'item-not-found');
  });

  it('carries out nothing after such a request either if both wait and the client keeps its side open', async () => {
    (await service.api.put('/items/also-behind', { name: 'x' })).expect(201);
    const socket = connect({ port: Number(new URL(service.api.url).port), host: '127.0.0.1', allowHalfOpen: true });
    const received: string[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk.toString()));
    socket.write(sent(message('GET', 'x', 'X-Wait: close\r\n') + message('DELETE', 'also-behind', WAIT)));
    await areWaiting(2);
    waiting[0]!();
    await once(socket, 'end');
    waiting[1]!();
    await nextTurn();
    // Changes are carried out in order, so a DELETE would be done when this is.
    (await service.api.put('/items/another', { name: 'x' })).expect(201);
    (await service.api.get('/items/also-behind')).expect(200);
    expect(service.app.get(AnswersUnderWay).whole.waiting).toBe(0);
    socket.destroy();
    expect(received.join('').match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 400']);
  });

  it('asks for the body only when it is done', async () => {
    const socket = connect(Number(new URL(service.api.url).port), '127.0.0.1');
    const received: string[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk.toString()));
    socket.write(
      sent(
        'PUT /items/continue HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nX-Wait: pass\r\nConnection: close\r\n' +
          'Content-Type: application/json\r\nContent-Length: 12\r\n\r\n',
      ),
    );
    await areWaiting(1);
    expect(received).toEqual([]);
    waiting[0]!();
    await once(socket, 'data');
    expect(received.join('')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('{"name":"x"}');
    await once(socket, 'close');
    expect(received.join('')).toContain('HTTP/1.1 201 Created');
  });

  it('carries out nothing for a client that has gone meanwhile, and keeps nothing for it', async () => {
    const underWay = service.app.get(AnswersUnderWay);
    const socket = connect(Number(new URL(service.api.url).port), '127.0.0.1');
    socket.write(sent(message('PUT', 'gone', WAIT, '{"name":"x"}')));
    await areWaiting(1);
    const { size } = underWay.connections;
    socket.resetAndDestroy();
    while (underWay.connections.size === size) await nextTurn();
    waiting[0]!();
    (await service.api.get('/items/gone')).expect(404, 'item-not-found');
    expect(underWay.whole).toMatchObject({ answerBytes: 0, bodyBytes: 0, waiting: 0 });
  });
});
