import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';

const OPEN_FILES = 120;
const CONNECTIONS = OPEN_FILES / 2;

describe('a process that may open few files', () => {
  let database: TestDatabase;
  let service: ServiceProcess;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    database = await migratedDatabase();
    const launcher = ['sh', '-c', `ulimit -n ${OPEN_FILES} && exec "$@"`, 'sh'];
    service = await ServiceProcess.start({ environment: { DATABASE_URL: database.url, SEED: 'off' }, launcher });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await killServices();
    await database.drop();
  });

  it('[P62] closes connections beyond its limit, with one line in the log, and keeps files for the database', async () => {
    const api = service.caller();
    (await api.put('/items/a', { name: 'A' })).expect(201);
    const { hostname, port } = new URL(service.url);
    // One is the connection of `api`.
    let left = CONNECTIONS + 1;
    await new Promise<void>((resolve) => {
      for (let n = 0; n < 2 * CONNECTIONS; n += 1) {
        const socket = connect(Number(port), hostname).on('error', () => undefined);
        sockets.push(socket.resume().once('close', () => (left -= 1) === 0 && resolve()));
      }
    });
    const told = JSON.parse(await service.line(/New connections are closed/));
    expect(told).toMatchObject({ level: 'warn', connections: CONNECTIONS });
    // Lists open connections of their own to the database when the first one comes.
    for (const target of ['/items/a', '/items', '/changes', '/health/ready']) (await api.get(target)).expect(200);
    (await api.put('/items/b', { name: 'B' })).expect(201);

    for (const socket of sockets.splice(0)) socket.destroy();
    // The service has not noticed at once.
    const get = () =>
      service
        .caller()
        .get('/items/b')
        .catch(() => undefined);
    let answer = await get();
    while (!answer) answer = await get();
    answer.expect(200);
    expect(service.lines.filter((line) => line.includes('connections are closed'))).toHaveLength(1);
  });

  it('[P62] 503 to what needs another file while it can open none, 200 once it can', async () => {
    const api = service.caller();
    (await api.put('/items/a', { name: 'A' })).expect(201);
    const limit = (soft: string) => execFileSync('prlimit', ['--pid', String(service.pid), `--nofile=${soft}:`]);
    // Descriptors have the lowest free number, and those are in use since the start.
    limit('8');
    const refused = (await api.get('/items')).expect(503, 'storage-unavailable');
    expect(refused.headers['retry-after']).toBe('1');
    (await api.get('/items/a')).expect(200);
    (await api.put('/items/b', { name: 'B' })).expect(201);
    limit(String(OPEN_FILES));
    expect((await api.get('/items')).expect(200).json.items).toHaveLength(2);
    expect(service.lines.filter((line) => line.includes('"breach"'))).toEqual([]);
  });
});
