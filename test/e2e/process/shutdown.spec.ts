import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { describeOnFile, migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { holdWriteLock } from '../../support/database/faults.js';
import { credentialFor } from '../../support/access/default-access.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';

/** Of services that can't stop as they should. */
const SHUTDOWN_TIMEOUT_MS = 3_000;

/** One that would wait for this, or for an idle connection, is found by the time limit of its test. */
const PATIENT = { SHUTDOWN_TIMEOUT_MS: '600000', KEEP_ALIVE_TIMEOUT_MS: '600000' };

/** An end that waits for its time limit. It begins before the first test and goes on beside the others. */
let whileBusy: ReturnType<typeof endWhileDatabaseIsBusy>;
beforeAll(() => {
  whileBusy = endWhileDatabaseIsBusy();
  whileBusy.catch(() => undefined);
});
afterAll(async () => {
  await Promise.allSettled([whileBusy]);
  await killServices();
});

/** A service of each test on a database of its own. */
let own: { database: TestDatabase; service: ServiceProcess };
function startForEach(): void {
  beforeEach(async () => {
    const database = await migratedDatabase();
    own = { database, service: await startOn(database, PATIENT) };
  });
  afterEach(async () => {
    own.service.signal('SIGKILL');
    await own.service.ended;
    await own.database.drop();
  });
}

/** Stops a service on which requests run. */
function endsInOrder(signal: NodeJS.Signals): void {
  startForEach();

  it('201 or 400 with Connection: close to running requests, then 0, also with idle connections and after SIGUSR1', async () => {
    const { service, database } = own;
    // It would open the port of a debugger, and say so.
    service.signal('SIGUSR1');
    (await service.caller().get('/items')).expect(200);
    const idle = await openSocket(service, '');
    const contents = [JSON.stringify({ id: 'late', name: 'Late' }), '{]', '{"id":"refused"}'];
    const running = await Promise.all(
      contents.map((content) => startRequest(service, 'POST', '/items', content.length)),
    );
    const answered = running.map((one) => once(one, 'response') as Promise<[IncomingMessage]>);

    service.signal(signal);
    await service.line(/finishing the running requests/);
    // npm passes on the Ctrl-C that the terminal has already sent to the service.
    service.signal(signal);
    for (const [n, one] of running.entries()) one.end(contents[n]);
    const answers = (await Promise.all(answered)).map(([answer]) => answer.resume());
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 400, 400]);
    for (const { headers } of answers) expect(headers.connection).toBe('close');

    expect(await service.ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await queryDirectly(database.config, 'SELECT id FROM items')).toEqual([{ id: 'late' }]);
    idle.destroy();
  });
}

describe('SIGTERM', () => {
  endsInOrder('SIGTERM');

  it('SIGKILL when SHUTDOWN_TIMEOUT_MS is over, while the database is busy for longer', async () => {
    const { ended, tookMs, write, read } = await whileBusy;
    read.expect(404, 'item-not-found');
    expect(tookMs).toBeGreaterThan(SHUTDOWN_TIMEOUT_MS - 100);
    expect(write).toBe('socket hang up');
    expect(ended).toMatchObject({ exitCode: null, stdout: expect.stringContaining('without waiting any longer') });
  });
});

describeOnFile('what no engine has a part in', () => {
  let withHalves: ReturnType<typeof endWithHalfRequests>;
  beforeAll(() => {
    withHalves = endWithHalfRequests();
    withHalves.catch(() => undefined);
  });
  afterAll(() => Promise.allSettled([withHalves]));

  describe('SIGINT', () => {
    endsInOrder('SIGINT');
  });

  describe('a reader of the log that has stopped reading', () => {
    startForEach();

    it('0, and answers until then', async () => {
      const { service } = own;
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

  it('SIGHUP: 0 within SHUTDOWN_TIMEOUT_MS when clients leave half a head and half a body, which the log tells', async () => {
    const { ended, lines } = await withHalves;
    // When the time is over it would be killed.
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ msg: expect.stringMatching(/^Connections are cut/), requests: 1, connections: 2 }),
    );
  });
});

async function endWhileDatabaseIsBusy() {
  const database = await migratedDatabase();
  const patient = await startOn(database, {
    DATABASE_TIMEOUT_MS: '600000',
    SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_TIMEOUT_MS),
  });
  const mend = await holdWriteLock(database.config);
  const cut = patient
    .caller()
    .put('/items/late', { name: 'Late' })
    .catch((error: Error) => error.message);
  const read = await patient.caller().get('/items/late');
  const signalledAt = performance.now();
  const ended = await patient.stop();
  const tookMs = performance.now() - signalledAt;
  await mend();
  await database.drop();
  return { ended, tookMs, read, write: await cut };
}

async function endWithHalfRequests() {
  const database = await migratedDatabase();
  const left = await startOn(database, { SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_TIMEOUT_MS) });
  const halfHead = await openSocket(left, 'GET /items HTTP/1.1\r\nHost:');
  const halfBody = await startRequest(left, 'POST', '/items', 100);
  const closed = [halfHead, halfBody].map((one) => new Promise((resolve) => one.once('close', resolve)));
  left.signal('SIGHUP');
  const ended = await left.ended;
  await Promise.all(closed);
  await database.drop();
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
