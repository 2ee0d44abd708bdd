import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { newDatabase, type TestDatabase } from '../../support/database/engine.js';
import { holdWriteLock } from '../../support/database/faults.js';
import { credentialFor } from '../../support/access/default-access.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';

const STOP_LIMIT_MS = 10_000;

let database: TestDatabase;
let service: ServiceProcess;
const sockets: Socket[] = [];
beforeEach(async () => {
  database = await newDatabase();
  service = await ServiceProcess.start({ environment: { DATABASE_URL: database.url, SEED: 'off' } });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await killServices();
  await database.drop();
});

describe.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s', (signal) => {
  it('201 to a running request, then 0, also with idle connections', async () => {
    (await service.caller().get('/items')).expect(200);
    await openSocket('');
    const body = JSON.stringify({ id: 'late', name: 'Late' });
    const running = await startRequest('POST', '/items', body.length);
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

    const signalledAt = Date.now();
    expect(await service.ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(Date.now() - signalledAt).toBeLessThan(2_000);
    expect(await queryDirectly(database.config, 'SELECT id FROM items')).toEqual([{ id: 'late' }]);
  });
});

describe('SIGTERM', () => {
  it('SIGKILL within 10 s while the database is busy for longer', async () => {
    const environment = { DATABASE_URL: database.url, SEED: 'off', DATABASE_TIMEOUT_MS: '60000' };
    const patient = await ServiceProcess.start({ environment });
    const mend = await holdWriteLock(database.config);
    const write = patient.caller().put('/items/late', { name: 'Late' });
    const cut = write.catch((error: Error) => error.message);
    (await patient.caller().get('/items/late')).expect(404, 'item-not-found');
    const signalledAt = Date.now();
    const ended = await patient.stop();
    expect(Date.now() - signalledAt).toBeLessThan(STOP_LIMIT_MS);
    await mend();
    expect(await cut).toBe('socket hang up');
    expect(ended).toMatchObject({ exitCode: null, stdout: expect.stringContaining('without waiting any longer') });
  });

  it.each([
    ['{]', 400],
    ['{"id":"late"}', 400],
  ])('a running request with the content %s is refused with Connection: close', async (content, status) => {
    const running = await startRequest('POST', '/items', content.length);
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
    const path = `/nowhere/${'a'.repeat(1_000)}`;
    // More lines than a pipe holds.
    for (let round = 0; round < 100; round += 1) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => caller.get(path)));
      for (const answer of answers) answer.expect(404, 'route-not-found');
    }
    expect(await service.stop()).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('0 within 10 s when clients leave half a head and half a body', async () => {
    const halfHead = await openSocket('GET /items HTTP/1.1\r\nHost:');
    const halfBody = await startRequest('POST', '/items', 100);
    const closed = [halfHead, halfBody].map((one) => new Promise((resolve) => one.once('close', resolve)));
    const signalledAt = Date.now();
    expect(await service.stop()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(Date.now() - signalledAt).toBeLessThan(STOP_LIMIT_MS);
    await Promise.all(closed);
  });
});

/** Sends the head of a request and waits until the service asks for the body: from then on the request runs. */
async function startRequest(method: string, path: string, length: number): Promise<ClientRequest> {
  const { hostname, port } = new URL(service.url);
  const content = { 'content-type': 'application/json', 'content-length': length };
  const headers = { ...credentialFor(service.url), ...content, expect: '100-continue' };
  const sent = request({ hostname, port, method, path, headers });
  sent.on('error', () => undefined);
  sent.flushHeaders();
  await once(sent, 'continue');
  return sent;
}

/** Opens a connection and sends this. */
async function openSocket(text: string): Promise<Socket> {
  const { hostname, port } = new URL(service.url);
  const socket = connect({ host: hostname, port: Number(port) });
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}
