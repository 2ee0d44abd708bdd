import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { newDatabase, type TestDatabase } from '../../support/database/engine.js';
import { holdWriteLock } from '../../support/database/faults.js';
import { credentialFor } from '../../support/access/default-access.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';

/** Of services that can't stop as they should. */
const SHUTDOWN_TIMEOUT_MS = 3_000;

/** One that would wait for this, or for an idle connection, is found by the time limit of its test. */
const PATIENT = { SHUTDOWN_TIMEOUT_MS: '600000', KEEP_ALIVE_TIMEOUT_MS: '600000' };

/** Two ends that wait for their time limit. They begin before the first test and go on beside the others. */
let whileBusy: ReturnType<typeof endWhileDatabaseIsBusy>;
let withHalves: ReturnType<typeof endWithHalfRequests>;
beforeAll(() => {
  [whileBusy, withHalves] = [endWhileDatabaseIsBusy(), endWithHalfRequests()];
  for (const end of [whileBusy, withHalves]) end.catch(() => undefined);
});
afterAll(async () => {
  await Promise.allSettled([whileBusy, withHalves]);
  await killServices();
});

let database: TestDatabase;
let service: ServiceProcess;
function eachWithService(): void {
  beforeEach(async () => {
    database = await newDatabase();
    service = await startOn(database, PATIENT);
  });
  afterEach(async () => {
    service.signal('SIGKILL');
    await service.ended;
    await database.drop();
  });
}

describe.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s', (signal) => {
  eachWithService();

  it('201 to a running request, then 0, also with idle connections', async () => {
    (await service.caller().get('/items')).expect(200);
    const idle = await openSocket(service, '');
    const body = JSON.stringify({ id: 'late', name: 'Late' });
    const running = await startRequest(service, 'POST', '/items', body.length);
    const answered = once(running, 'response') as Promise<[IncomingMessage]>;

    service.signal(signal);
    await service.line(/finishing the running requests/);
    // npm passes on the Ctrl-C that the terminal has already sent to the service.
    service.signal(signal);
    running.end(body);
    const [answer] = await answered;
    expect(answer.statusCode).toBe(201);
    expect(answer.headers.connection).toBe('close');
    answer.resume();

    expect(await service.ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await queryDirectly(database.config, 'SELECT id FROM items')).toEqual([{ id: 'late' }]);
    idle.destroy();
  });
});

describe('SIGTERM', () => {
  eachWithService();

  it.each([
    ['{]', 400],
    ['{"id":"late"}', 400],
  ])('a running request with the content %s is refused with Connection: close', async (content, status) => {
    const running = await startRequest(service, 'POST', '/items', content.length);
    const answered = once(running, 'response') as Promise<[IncomingMessage]>;
    service.signal('SIGTERM');
    await service.line(/finishing the running requests/);
    running.end(content);
    const [answer] = await answered;
    expect([answer.statusCode, answer.headers.connection]).toEqual([status, 'close']);
    answer.resume();
    expect(await service.ended).toMatchObject({ exitCode: 0 });
  });

  it('0 if the reader of the log has gone', async () => {
    service.closeOutput();
    expect(await service.stop()).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('0 if the reader of the log has stopped reading, and answers until then', async () => {
    service.stopReading();
    const caller = service.caller();
    const path = `/nowhere/${'a'.repeat(7_000)}`;
    // More lines than a pipe holds.
    for (let round = 0; round < 15; round += 1) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => caller.get(path)));
      for (const answer of answers) answer.expect(404, 'route-not-found');
    }
    expect(await service.stop()).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('SIGTERM while something never ends', () => {
  it('SIGKILL when SHUTDOWN_TIMEOUT_MS is over, while the database is busy for longer', async () => {
    const { ended, tookMs, write, read } = await whileBusy;
    read.expect(404, 'item-not-found');
    expect(tookMs).toBeGreaterThan(SHUTDOWN_TIMEOUT_MS - 100);
    expect(write).toBe('socket hang up');
    expect(ended).toMatchObject({ exitCode: null, stdout: expect.stringContaining('without waiting any longer') });
  });

  it('0 within SHUTDOWN_TIMEOUT_MS when clients leave half a head and half a body, which the log tells', async () => {
    const { ended, lines } = await withHalves;
    // When the time is over it would be killed.
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ msg: expect.stringMatching(/^Connections are cut/), requests: 1, connections: 2 }),
    );
  });
});

async function endWhileDatabaseIsBusy() {
  const own = await newDatabase();
  const patient = await startOn(own, {
    DATABASE_TIMEOUT_MS: '600000',
    SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_TIMEOUT_MS),
  });
  const mend = await holdWriteLock(own.config);
  const cut = patient
    .caller()
    .put('/items/late', { name: 'Late' })
    .catch((error: Error) => error.message);
  const read = await patient.caller().get('/items/late');
  const signalledAt = performance.now();
  const ended = await patient.stop();
  const tookMs = performance.now() - signalledAt;
  await mend();
  await own.drop();
  return { ended, tookMs, read, write: await cut };
}

async function endWithHalfRequests() {
  const own = await newDatabase();
  const left = await startOn(own, { SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_TIMEOUT_MS) });
  const halfHead = await openSocket(left, 'GET /items HTTP/1.1\r\nHost:');
  const halfBody = await startRequest(left, 'POST', '/items', 100);
  const closed = [halfHead, halfBody].map((one) => new Promise((resolve) => one.once('close', resolve)));
  const ended = await left.stop();
  await Promise.all(closed);
  await own.drop();
  return { ended, lines: left.lines };
}

function startOn({ url }: TestDatabase, environment: Record<string, string> = {}): Promise<ServiceProcess> {
  return ServiceProcess.start({ environment: { DATABASE_URL: url, SEED: 'off', ...environment } });
}

/** Sends the head of a request and waits until the service asks for the body: from then on the request runs. */
async function startRequest(
  { url }: ServiceProcess,
  method: string,
  path: string,
  length: number,
): Promise<ClientRequest> {
  const { hostname, port } = new URL(url);
  const content = { 'content-type': 'application/json', 'content-length': length };
  const headers = { ...credentialFor(url), ...content, expect: '100-continue' };
  const sent = request({ hostname, port, method, path, headers });
  sent.on('error', () => undefined);
  sent.flushHeaders();
  await once(sent, 'continue');
  return sent;
}

/** Opens a connection and sends this. */
async function openSocket({ url }: ServiceProcess, text: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}
