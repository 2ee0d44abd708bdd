import { gzipSync } from 'node:zlib';
import { setTimeout as pause } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../../support/caller.js';
import { openConnections } from '../../support/requests/crowd.js';
import { newDatabase } from '../../support/database/engine.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';

/** What a service may have in RAM, in megabytes, and how long health may wait, in milliseconds. */
const MOST_MEGABYTES = 400;
const MOST_HEALTH_MS = 250;

/** How long each case lasts at least, in milliseconds. */
const CASE_MS = 2_000;

/** It lasts on for so many seconds while the service works for more than this of each, in milliseconds. */
const MOST_SECONDS_MORE = 10;
const AT_WORK_MS = 200;

const get = (target: string, method = 'GET') => `${method} ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const send = (method: string, target: string, content: string) =>
  `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
  `Content-Length: ${content.length}\r\n\r\n${content}`;
const item = { name: 'x', attributes: { text: 'x'.repeat(16_000) } };
const manyFaults = JSON.stringify(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`member-${n}`, n])));
const slowBody = send('PUT', '/items/slow', ' '.repeat(1_048_576)).slice(0, 1_000);

const bomb = gzipSync(JSON.stringify({ name: 'x' }).padEnd(1_048_576));
const zipped = Buffer.concat([
  Buffer.from(
    'PUT /items/item-1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n' +
      `Content-Length: ${bomb.length}\r\n\r\n`,
  ),
  bomb,
]);

/** What each of so many connections sends and never reads the answer of. */
const CASES: [name: string, connections: number, sent: string | Buffer][] = [
  ['1 connection with 300 lists', 1, get('/items?limit=200').repeat(300)],
  ['1 connection with 1,000 lists', 1, get('/items?limit=200').repeat(1_000)],
  ['100 connections with 8 lists', 100, get('/items?limit=200').repeat(8)],
  ['1,000 times /openapi.json', 1, get('/openapi.json').repeat(1_000)],
  ['1,000 connections with a list', 1_000, get('/items?limit=200')],
  ['HEAD of 300 lists', 1, get('/items?limit=200', 'HEAD').repeat(300)],
  ['1,000 times the largest file of Swagger UI', 1, get('/docs/swagger-ui-bundle.js').repeat(1_000)],
  ['100 connections with 1,000 times /openapi.json', 100, get('/openapi.json').repeat(1_000)],
  ['100 connections with 100 items', 100, get('/items/item-1').repeat(100)],
  [
    '10 connections with 100 large items to create',
    10,
    send('POST', '/items', JSON.stringify({ id: 'item-1', ...item })).repeat(100),
  ],
  [
    '10 connections with 100 large items to replace',
    10,
    send('PUT', '/items/item-1', JSON.stringify(item)).repeat(100),
  ],
  ['500 connections with gzip that becomes 1 MiB', 500, zipped],
  ['20 connections with 25 bodies of 100 faults', 20, send('POST', '/items', manyFaults).repeat(25)],
  ['20 connections with 2,000 unknown paths in a packet', 20, get('/a').repeat(2_000)],
];

let service: ServiceProcess;
let api: Caller;
let drop: () => Promise<void>;
const sockets: Socket[] = [];
// One service for all cases, so that what one leaves behind counts in the next.
beforeAll(async () => {
  const database = await newDatabase();
  drop = database.drop;
  service = await ServiceProcess.start({ environment: { DATABASE_URL: database.url, LOG_LEVEL: 'info' } });
  api = service.caller();
  const ids = Array.from({ length: 200 }, (_, n) => `item-${n}`);
  await Promise.all(ids.map((id) => api.put(`/items/${id}`, item)));
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(async () => {
  await killServices();
  await drop();
});

/**
 * The longest that health waited for its answer meanwhile, in milliseconds; of the time that the service's main thread was
 * at work, so that other work of the machine does not count.
 */
async function worstHealthMs(durationMs: number): Promise<number> {
  const end = performance.now() + durationMs;
  let worst = 0;
  do {
    const [begun, begunCpu] = [performance.now(), service.cpuMs];
    (await api.get('/health/live')).expect(200);
    worst = Math.max(worst, Math.min(performance.now() - begun, service.cpuMs - begunCpu));
    await pause(10);
  } while (performance.now() < end);
  return worst;
}

/** The same until the service has done what it was asked for, or waits for readers. */
async function worstHealthAtWorkMs(): Promise<number> {
  let worst = await worstHealthMs(CASE_MS);
  for (let second = 0; second < MOST_SECONDS_MORE; second += 1) {
    const before = service.cpuMs;
    worst = Math.max(worst, await worstHealthMs(1_000));
    if (service.cpuMs - before < AT_WORK_MS) break;
  }
  return worst;
}

async function expectNormalService(): Promise<void> {
  let list = await api.get('/items?limit=200');
  // As the problem says: the ends of connections are noticed one by one.
  while (list.status === 503) list = await api.get('/items?limit=200');
  list.expect(200);
  (await api.get('/items/item-7')).expect(200);
  (await api.put('/items/item-7', item)).expect(200);
}

describe('callers that never read', () => {
  it.each(CASES)('[A12] %s: little memory, and health is answered', async (_, count, sent) => {
    const [worst] = await Promise.all([
      worstHealthAtWorkMs(),
      openConnections(service.url, count, sent).then((opened) => sockets.push(...opened)),
    ]);
    expect(service.peakMegabytes).toBeLessThan(MOST_MEGABYTES);
    expect(worst).toBeLessThan(MOST_HEALTH_MS);
    for (const socket of sockets.splice(0)) socket.destroy();
    await expectNormalService();
  });
});

describe('callers that send slowly', () => {
  it('[A12] 1,000 bodies of 1 MiB: little memory, and health is answered', async () => {
    const opened = await openConnections(service.url, 1_000, slowBody);
    sockets.push(...opened);
    const part = ' '.repeat(32_768);
    const sending = setInterval(() => opened.forEach((socket) => socket.destroyed || socket.write(part)), 250);
    const worst = await worstHealthMs(CASE_MS);
    clearInterval(sending);
    expect(service.peakMegabytes).toBeLessThan(MOST_MEGABYTES);
    expect(worst).toBeLessThan(MOST_HEALTH_MS);
    for (const socket of sockets.splice(0)) socket.destroy();
    let late = await api.put('/items/late', item);
    while (late.status === 503) late = await api.put('/items/late', item);
    late.expect(201);
  });
});
