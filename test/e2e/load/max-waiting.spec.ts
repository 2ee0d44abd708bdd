import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AnswersUnderWay } from '../../../src/http/wire/answers-under-way.js';
import { withCredential } from '../../support/access/default-access.js';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { holdTurn, type HeldTurn } from '../../support/database/faults.js';
import { commandCount, SEED, seededRandom } from '../../support/random.js';
import { sendRaw } from '../../support/raw-socket.js';
import { openConnections } from '../../support/requests/crowd.js';
import { connectWithLittleBuffer } from '../../support/requests/little-buffer.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

const PLACES = 3;
/** As long as the database may take, at most. */
const SECONDS = /^[1-9]$|^[1-5]\d$|^60$/;

/** How often somebody asks while the service needs seconds, in milliseconds. */
const REST_MS = 50;

const CLOSE = 'Connection: close\r\n';

const BODY = '{"name":"x"}';

const put = (id: string, fields = '') =>
  `PUT /items/${id} HTTP/1.1\r\nHost: localhost\r\n${fields}${head(BODY.length)}${BODY}`;
const head = (length: number) => `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

let database: TestDatabase;
let service: TestApp;
let turn: HeldTurn | undefined;
const sockets: Socket[] = [];
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await migratedDatabase();
  // The turn is held for as long as a test needs.
  service = await startTestApp({ database: { ...database.config, timeoutMs: 60_000 }, maxWaiting: PLACES });
});
afterEach(async () => {
  await turn?.release();
  turn = undefined;
  for (const socket of sockets.splice(0)) socket.resetAndDestroy();
  for (const end of ends.splice(0)) await end();
  await isWaiting(0);
});
afterAll(async () => {
  await service?.close();
  await database?.drop();
});

const whole = () => service.app.get(AnswersUnderWay).whole;
const isWaiting = async (count: number) => {
  while (whole().waiting !== count) await pause(1);
};
const open = async (count: number, sent: string) => {
  const opened = await openConnections(service.api.url, count, sent);
  sockets.push(...opened);
  return opened;
};
/** On a connection of its own, since one on which a request was refused is not read for a while. */
const askOnce = async (start: string) =>
  (await sendRaw(service.api.url, 1, `${start} HTTP/1.1\r\nHost: localhost\r\n${CLOSE}\r\n`))[0];
const areLeft = async (count: number) => {
  while (service.app.get(AnswersUnderWay).connections.size > count) await pause(1);
};
const connectionCount = () => service.app.get(AnswersUnderWay).connections.size;
const heldCount = () => [...service.app.get(AnswersUnderWay).connections.values()].filter((one) => one.isHeld).length;

describe('MAX_WAITING requests that wait for the database', () => {
  it('[A15] 503 overloaded to the next, whatever it asks for; health is answered; then all are carried out', async () => {
    turn = await holdTurn(database.config);
    const waiting = ['a', 'b', 'c'].map((id) => service.api.put(`/items/${id}`, { name: id }));
    await isWaiting(PLACES);
    const refused = await service.api.put('/items/d', { name: 'd' });
    const { headers } = refused.expect(503, 'overloaded');
    expect(headers).toMatchObject({ 'retry-after': expect.stringMatching(SECONDS), connection: 'keep-alive' });
    expect(refused.json).toMatchObject({ retryable: true, detail: expect.stringContaining('wait for their answers') });
    expect(heldCount()).toBe(1);
    for (const start of ['GET /items/a', 'GET /nowhere', 'OPTIONS /items']) {
      (await askOnce(start)).expect(503, 'overloaded');
    }
    (await askOnce('GET /health/live')).expect(200);
    const begins = service.log.filter(({ level }) => level === 'warn');
    expect(begins).toEqual([expect.objectContaining({ cause: 'waiting', waiting: PLACES })]);
    await turn.release();
    turn = undefined;
    for (const answer of await Promise.all(waiting)) answer.expect(201);
    while (heldCount() > 0) await pause(1);
    (await service.api.get('/items/d')).expect(404, 'item-not-found');
    (await service.api.put('/items/d', { name: 'd' })).expect(201);
  });

  it('[L73] Retry-After grows while none of them is answered', async () => {
    turn = await holdTurn(database.config);
    await open(PLACES, put('stuck'));
    await isWaiting(PLACES);
    const secondsToWait = async () =>
      Number((await askOnce('GET /items')).expect(503, 'overloaded').headers['retry-after']);
    const first = await secondsToWait();
    expect(first).toBeLessThan(10);
    while ((await secondsToWait()) < first + 2) await pause(REST_MS);
  });

  it('[A15] pipelined ones count each, and are answered in order', async () => {
    turn = await holdTurn(database.config);
    const ids = ['p1', 'p2', 'p3', 'p4', 'p5'];
    const sent = sendRaw(service.api.url, 5, ids.map((id) => put(id, id === 'p5' ? CLOSE : '')).join(''));
    await isWaiting(PLACES);
    await turn.release();
    turn = undefined;
    const answers = await sent;
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 503, 503]);
    for (const answer of answers.slice(PLACES)) answer.expect(503, 'overloaded');
  });

  it('[A15] a request whose client has gone keeps its place until it is carried out', async () => {
    turn = await holdTurn(database.config);
    const others = connectionCount();
    const gone = await open(PLACES, put('gone'));
    await isWaiting(PLACES);
    await turn.waitForService();
    for (const socket of gone) socket.resetAndDestroy();
    await areLeft(others);
    expect(whole()).toMatchObject({ waiting: PLACES, bodyBytes: PLACES * BODY.length });
    (await askOnce('GET /items')).expect(503, 'overloaded');
    await turn.release();
    turn = undefined;
    await isWaiting(0);
    expect(whole().bodyBytes).toBe(0);
    (await askOnce('GET /items/gone')).expect(200);
  });
});

describe('MAX_WAITING requests that wait for their clients', () => {
  const unfinished = `PUT /items/late HTTP/1.1\r\nHost: localhost\r\n${head(9)}{`;

  let otherIds = 0;

  /** Takes all places but one for requests that wait for the database. */
  const takeOtherPlaces = async () => {
    turn = await holdTurn(database.config);
    // A PUT that changes nothing would not wait.
    await open(PLACES - 1, put(`other-${(otherIds += 1)}`));
    await isWaiting(PLACES - 1);
  };

  it('[A15] 503 overloaded to the next; an unfinished body that goes on is read', async () => {
    const others = await open(PLACES, unfinished.replace('\r\n', `\r\n${CLOSE}`));
    await isWaiting(PLACES);
    (await askOnce('GET /items')).expect(503, 'overloaded');
    (await askOnce('GET /health/ready')).expect(200);
    const answers = Promise.all(others.map(statusLineOf));
    for (const other of others) other.write('"name":1');
    expect(await answers).toEqual(others.map(() => 'HTTP/1.1 400 Bad Request'));
    await isWaiting(0);
    (await askOnce('GET /items')).expect(200);
  });

  it('[A15] a request whose client has gone frees its place', async () => {
    const others = await open(PLACES, unfinished);
    await isWaiting(PLACES);
    for (const other of others) other.destroy();
    await isWaiting(0);
    (await askOnce('GET /items')).expect(200);
  });

  it.each([
    ['a body that comes too slowly', unfinished],
    ['a long body that does not come', `PUT /items/late HTTP/1.1\r\nHost: localhost\r\n${head(500_000)}`],
    ['chunks that do not come', 'GET /items/late HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ])('[A15] 503 overloaded to %s while others need its place', async (_, sent) => {
    await takeOtherPlaces();
    const slow = sendRaw(service.api.url, 1, sent);
    await isWaiting(PLACES);
    const isOver = () => Promise.race([slow.then(() => true), askOnce('GET /items').then(() => false)]);
    while (!(await isOver())) await pause(REST_MS);
    const [{ headers }] = [(await slow)[0].expect(503, 'overloaded')];
    expect(headers).toMatchObject({ connection: 'close', 'retry-after': expect.stringMatching(SECONDS) });
  });

  it('[A15] a client that does not read is cut off if requests behind the answer need their places', async () => {
    // Two of it are longer than what the system buffers for a Unix domain socket, and one is not too long for a second beside it.
    const [style] = /docs\/swagger-ui\.\w+\.css/.exec((await service.api.get('/docs')).expect(200).text)!;
    await takeOtherPlaces();
    const { client, served, close } = await connectWithLittleBuffer(service);
    ends.push(close);
    client.pause();
    const { answered } = whole();
    for (const made of [1, 2]) {
      client.write(`GET /${style} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      while (whole().answered < answered + made) await pause(1);
    }
    client.write(withCredential(service.api.url, put('behind')));
    await isWaiting(PLACES);
    (await askOnce('GET /items')).expect(503, 'overloaded');
    while (!served.destroyed) {
      await askOnce('GET /items');
      await pause(REST_MS);
    }
    // The last one that asked may have been let in, and its place is free only after its answer.
    await isWaiting(PLACES - 1);
    await turn?.release();
    turn = undefined;
    (await askOnce('GET /items/behind')).expect(404, 'item-not-found');
  });
});

describe('requests that come and go at random', () => {
  const STEPS = commandCount(sized(100, 400));
  const requests = [
    put('r1'),
    put('r2') + put('r1', CLOSE),
    put('r1').slice(0, -5),
    'GET /items HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(6),
    'GET /items/r1 HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(6),
    'GET /items/r1 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n',
    'PUT /items/r1 HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n',
    `PUT /items/r1 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnonsense${put('r1')}`,
    'GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'NONSENSE\r\n\r\n',
  ];

  it(`[A15] leave nothing counted after ${STEPS} steps, seed ${SEED}`, async () => {
    const random = seededRandom(SEED);
    const others = connectionCount();
    const pick = <T>(all: T[]) => all[Math.floor(random() * all.length)]!;
    for (let step = 0; step < STEPS; step += 1) {
      if (random() < 0.1 && !turn) turn = await holdTurn(database.config);
      else if (random() < 0.1) {
        await turn?.release();
        turn = undefined;
      }
      if (random() < 0.5) for (const socket of await open(1, pick(requests))) if (random() < 0.5) socket.resume();
      if (random() < 0.4 && sockets.length > 0) {
        const socket = pick(sockets);
        if (random() < 0.5) socket.resetAndDestroy();
        else socket.end();
      }
      if (random() < 0.3) await nextTurn();
    }
    await turn?.release();
    turn = undefined;
    for (const socket of sockets.splice(0)) socket.resetAndDestroy();
    await areLeft(others);
    await isWaiting(0);
    (await askOnce('GET /items')).expect(200);
    expect(whole()).toMatchObject({ answerBytes: 0, bodyBytes: 0, waiting: 0 });
  });
});

async function statusLineOf(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket.resume()) text += (chunk as Buffer).toString('latin1');
  return text.split('\r\n', 1)[0] ?? '';
}
