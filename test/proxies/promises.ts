import { deepStrictEqual, match, ok } from 'node:assert/strict';
import type { OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { ServiceProcess } from '../support/service-process.js';
import { CALLER } from './proxies.js';
import type { Relay } from './relay.js';

/** A running proxy, and what is behind it. */
interface Tried {
  port: number;
  service: ServiceProcess;
  relay: Relay;
  /** An API key of the service. */
  key: string;
}

/** Promises, in the order in which they must be tried, each with a function that throws if it is broken. */
export type Promises = (tried: Tried) => [promise: string, keep: () => Promise<void>][];

interface Answer {
  status: number;
  fields: IncomingMessage['headers'];
  body: string;
}

export const LOGIN = { authorization: `Basic ${Buffer.from(`${CALLER.name}:${CALLER.password}`).toString('base64')}` };
const JSON_CONTENT = { 'content-type': 'application/json' };
const GZIP = { 'accept-encoding': 'gzip' };
// Long enough to be worth compressing.
const ITEM = { name: 'Proxied', attributes: { text: 'abc '.repeat(1_000) } };

/** What docs/deploying.md promises of a proxy. To be tried in this order: the last ones take the service away. */
export function promises({ port, service, relay }: Tried): [promise: string, keep: () => Promise<void>][] {
  const agent = newAgent();
  const call = callerOf(port, agent, LOGIN);
  const write = (id: string) => call('POST', '/items', GZIP, { id, ...ITEM });

  return [
    [
      'an item comes with its own strong tag, and a PUT with it succeeds once',
      async () => {
        const created = await write('tag');
        deepStrictEqual([created.status, created.fields['content-encoding']], [201, undefined]);
        const { fields } = await call('GET', '/items/tag', GZIP);
        deepStrictEqual([fields.etag, fields['content-encoding']], [created.fields.etag, undefined]);
        match(fields.etag ?? '', /^"[^"]+"$/);
        const put = () => call('PUT', '/items/tag', { 'if-match': fields.etag }, { name: 'New' });
        deepStrictEqual((await put()).status, 200);
        problem(await put(), 412, 'precondition-failed');
      },
    ],
    [
      'the answer to a PATCH has a strong tag',
      async () => {
        await write('patch');
        const type = { 'content-type': 'application/merge-patch+json' };
        const { status, fields } = await call('PATCH', '/items/patch', { ...GZIP, ...type }, { name: 'New' });
        deepStrictEqual(status, 200);
        match(fields.etag ?? '', /^"[^"]+"$/);
      },
    ],
    [
      'an item that the client has is 304',
      async () => {
        const { fields } = await call('GET', '/items/tag', GZIP);
        const again = await call('GET', '/items/tag', { ...GZIP, 'if-none-match': fields.etag });
        deepStrictEqual([again.status, again.fields.etag], [304, fields.etag]);
      },
    ],
    [
      'a list is compressed, and 304 with its tag',
      async () => {
        await write('list');
        const { status, fields, body } = await call('GET', '/items', GZIP);
        deepStrictEqual([status, fields['content-encoding']], [200, 'gzip']);
        ok((JSON.parse(body) as { items: unknown[] }).items.length > 0);
        deepStrictEqual((await call('GET', '/items', { ...GZIP, 'if-none-match': fields.etag })).status, 304);
      },
    ],
    [
      'HEAD, DELETE without a body, and OPTIONS are as without the proxy',
      async () => {
        await write('gone');
        deepStrictEqual((await call('HEAD', '/items/gone')).status, 200);
        deepStrictEqual((await call('DELETE', '/items/gone')).status, 204);
        match((await call('OPTIONS', '/items/gone')).fields.allow ?? '', /PATCH/);
        problem(await call('GET', '/items/gone'), 404, 'item-not-found');
      },
    ],
    [
      'refusals of Items pass unchanged, and encoded paths stay as written',
      async () => {
        problem(await call('GET', '/items?limit=0'), 400, 'invalid-query');
        problem(await call('GET', '/items/a%2Fb'), 400, 'invalid-path');
        problem(await call('PATCH', '/items'), 405, 'method-not-allowed');
        problem(await call('GET', '/items/tag', { rehearse: '503' }), 400, 'rehearsal-off');
      },
    ],
    [
      'the log has the name of the caller and its request id',
      async () => {
        const { fields } = await call('GET', '/items/tag', { 'x-request-id': 'mine' });
        deepStrictEqual(fields['x-request-id'], 'alice.mine');
        await service.line(/"requestId":"alice\.mine"/);
        match(String((await call('GET', '/items/tag')).fields['x-request-id']), /^alice\.[A-Za-z0-9._-]{16,}$/);
      },
    ],
    [
      'any request id leaves the name of the caller in the log',
      async () => {
        for (const id of ['a b', 'a'.repeat(65), 'a'.repeat(128), 'ü', ['a', 'b']]) {
          const { fields } = await call('GET', '/items/tag', { 'x-request-id': id });
          match(String(fields['x-request-id']), /^alice\.[A-Za-z0-9._-]+$/);
        }
      },
    ],
    [
      '401 without a password is a problem, and health needs none',
      async () => {
        const refused = await call('GET', '/items', { authorization: '' });
        problem(refused, 401, 'unauthenticated');
        match(refused.fields['www-authenticate'] ?? '', /^Basic realm="?items/);
        problem(await call('PUT', '/items/x', { authorization: 'Basic eDp5' }, ITEM), 401, 'unauthenticated');
        deepStrictEqual((await call('GET', '/health/ready', { authorization: '' })).status, 200);
      },
    ],
    [
      '413 is a problem',
      async () => {
        problem(await call('PUT', '/items/large', {}, Buffer.alloc(1_100_000, ' ')), 413, 'body-too-large');
      },
    ],
    [
      'a batch may have 2 MiB',
      async () => {
        deepStrictEqual((await call('POST', '/batch', {}, batchOf(2_097_152))).status, 200);
        problem(await answered(() => call('POST', '/batch', {}, batchOf(2_200_000))), 413, 'body-too-large');
      },
    ],
    [
      'the metrics are not passed on, however the path is written',
      async () => {
        for (const path of ['/metrics', '/%6Detrics', '/metrics?x=1']) {
          problem(await call('GET', path), 403, 'forbidden');
        }
      },
    ],
    [
      'QUERY is as without the proxy',
      async () => {
        const type = { 'content-type': 'application/x-www-form-urlencoded' };
        const { status, body } = await call('QUERY', '/items', type, Buffer.from('ids=tag'));
        deepStrictEqual([status, (JSON.parse(body) as { items: unknown[] }).items.length], [200, 1], body);
      },
    ],
    [
      'a poll may wait longer than other answers may take',
      async () => {
        const { status, body } = await call('GET', '/changes?after=now&wait=3');
        deepStrictEqual([status, (JSON.parse(body) as { changes: unknown[] }).changes], [200, []]);
      },
    ],
    [
      'events of a stream come at once, also after a pause that is longer than other answers may take',
      async () => {
        const stream = await streamOf(port, '/changes?after=now', { ...LOGIN, accept: 'text/event-stream' });
        await setTimeout(3_000);
        for (const id of ['event-1', 'event-2']) {
          await write(id);
          match(await stream.next(), new RegExp(`event: create\\n(?:.*\\n)*?.*"id":"${id}"`));
        }
        stream.end();
      },
    ],
    [
      'a head that is too large is a problem, by the proxy or by Items',
      async () => {
        const { status, fields } = await call('GET', '/items/tag', { 'x-large': 'a'.repeat(20_000) });
        deepStrictEqual(
          [[400, 431].includes(status), fields['content-type']],
          [true, 'application/problem+json'],
          String(status),
        );
      },
    ],
    [
      'requests share a connection to Items',
      async () => {
        await call('GET', '/items/tag');
        const before = relay.connections;
        for (let n = 0; n < 20; n += 1) deepStrictEqual((await call('GET', '/items/tag')).status, 200);
        ok(relay.connections - before <= 1, `${relay.connections - before} new connections`);
      },
    ],
    [
      '502 is a problem if Items hangs up, and nothing is sent again',
      async () => {
        relay.behave('hangs up');
        const before = relay.connections;
        // On a connection that has had an answer Apache and HAProxy hang up too, so that the client may try again.
        agent.destroy();
        problem(await call('PUT', '/items/late', {}, ITEM), 502, 'bad-gateway');
        deepStrictEqual(relay.connections - before, 1);
      },
    ],
    [
      '504 (Apache: 502) is a problem if Items does not answer, and nothing is sent again',
      async () => {
        relay.behave('silent');
        const before = relay.connections;
        const answer = await call('PUT', '/items/late', {}, ITEM);
        // Apache makes no difference.
        if (answer.status === 502) problem(answer, 502, 'bad-gateway');
        else problem(answer, 504, 'gateway-timeout');
        deepStrictEqual(relay.connections - before, 1);
      },
    ],
    [
      '502 or 503 is a problem if Items does not run',
      async () => {
        await relay.close();
        const answer = await call('GET', '/items/tag');
        if (answer.status === 502) problem(answer, 502, 'bad-gateway');
        else problem(answer, 503, 'no-server-available');
        if (answer.status === 503) deepStrictEqual(answer.fields['retry-after'], '5');
        agent.destroy();
      },
    ],
  ];
}

/** What it promises if Items runs with AUTH=required, and the lines about access are removed from its file. */
export function promisesOfItems({ port, service, key }: Tried): [promise: string, keep: () => Promise<void>][] {
  const agent = newAgent();
  const call = callerOf(port, agent, {});
  const withKey = callerOf(port, agent, { authorization: `Bearer ${key}` });
  return [
    [
      'a key reaches Items',
      async () => {
        deepStrictEqual((await withKey('POST', '/items', GZIP, { id: 'keyed', ...ITEM })).status, 201);
        deepStrictEqual((await withKey('GET', '/items/keyed')).status, 200);
        deepStrictEqual((await call('GET', '/health/ready')).status, 200);
      },
    ],
    [
      '401 comes from Items, with its challenge',
      async () => {
        const without = await call('GET', '/items/keyed');
        problem(without, 401, 'unauthenticated');
        deepStrictEqual(without.fields['www-authenticate'], 'Bearer realm="items"');
        const wrong = await call('GET', '/items/keyed', { authorization: `Bearer ${key.slice(0, -1)}` });
        problem(wrong, 401, 'invalid-token');
        deepStrictEqual(wrong.fields['www-authenticate'], 'Bearer realm="items", error="invalid_token"');
        problem(await call('PUT', '/items/x', LOGIN, ITEM), 401, 'unauthenticated');
      },
    ],
    [
      'the log has the request id of the client, and no key',
      async () => {
        const { fields } = await withKey('GET', '/items/keyed', { 'x-request-id': 'mine' });
        deepStrictEqual(fields['x-request-id'], 'mine');
        await service.line(/"requestId":"mine"/);
        ok(!service.lines.join('\n').includes(key));
        agent.destroy();
      },
    ],
  ];
}

function batchOf(bytes: number): Buffer {
  const body = { name: 'Large', description: 'a'.repeat(2_000) };
  return Buffer.from(
    JSON.stringify({ atomic: true, operations: [{ method: 'PUT', id: 'batch', body }] }).padEnd(bytes),
  );
}

/** A proxy that refuses a body may hang up before all of it was sent, and then its answer can be lost. */
async function answered(send: () => Promise<Answer>, tries = 10): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    if (tries === 1 || !/EPIPE|ECONNRESET|hang up/.test(String(error))) throw error;
    return answered(send, tries - 1);
  }
}

function newAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
}

/** A function that sends requests to the proxy, with these fields unless a request has others. */
export function callerOf(port: number, agent: Agent, always: OutgoingHttpHeaders) {
  return (method: string, path: string, fields: OutgoingHttpHeaders = {}, content?: object | Buffer) =>
    new Promise<Answer>((resolve, reject) => {
      const bytes = content === undefined || Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
      const length = bytes && { ...JSON_CONTENT, 'content-length': bytes.length };
      const headers = { ...always, ...length, ...fields };
      const sent = request({ agent, host: '127.0.0.1', port, method, path, headers }, (message) => {
        const isPacked = message.headers['content-encoding'] === 'gzip';
        const body = text(isPacked ? message.pipe(createGunzip()) : message);
        body.then((all) => resolve({ status: message.statusCode ?? 0, fields: message.headers, body: all }), reject);
      });
      sent.on('error', reject);
      sent.end(bytes);
    });
}

/** A stream of events that is read one by one. */
async function streamOf(port: number, path: string, headers: OutgoingHttpHeaders) {
  const sent = request({ agent: false, rejectUnauthorized: false, host: '127.0.0.1', port, path, headers }).end();
  const [message] = (await once(sent, 'response')) as [IncomingMessage];
  deepStrictEqual([message.statusCode, message.headers['content-type']], [200, 'text/event-stream; charset=utf-8']);
  const chunks = message.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>;
  let rest = '';
  const next = async (): Promise<string> => {
    for (;;) {
      const end = rest.indexOf('\n\n');
      const block = rest.slice(0, end);
      if (end >= 0) rest = rest.slice(end + 2);
      // Blocks without data are comments and times for a reconnect.
      if (end >= 0 && block.includes('data:')) return block;
      if (end >= 0) continue;
      const { done, value } = await chunks.next();
      if (done) throw new Error('The stream has ended');
      rest += value;
    }
  };
  return { next, end: () => sent.destroy() };
}

function problem({ status, fields, body }: Answer, expected: number, code: string): void {
  const type = fields['content-type']?.replace(/;.*/, '');
  deepStrictEqual([status, type], [expected, 'application/problem+json'], `${status} ${type}: ${body}`);
  deepStrictEqual((JSON.parse(body) as { code: string }).code, code);
  match(fields['cache-control'] ?? '', /no-store|no-cache/);
}
