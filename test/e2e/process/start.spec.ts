import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '../../../src/operations.js';
import { Caller } from '../../support/caller.js';
import { validRequest } from '../../support/coverage/requests.js';
import { describeOnFile, newDatabase, type TestDatabase } from '../../support/database/engine.js';
import { holdMigrations } from '../../support/database/faults.js';
import { pickFreePort } from '../../support/postgres/free-port.js';
import { proves } from '../../support/proof.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { listenOnly, type TestApp } from '../../support/test-app.js';
import { remainsOf } from '../../support/database/untouched.js';

describe('a service that listens but is not ready', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await listenOnly();
  });
  afterAll(() => service.close());

  const probes = OPERATIONS.filter(({ isProbe }) => isProbe);
  const others = OPERATIONS.filter(({ isProbe }) => !isProbe);

  it.each(others.map((operation) => ({ operation, ...operation })))(
    '[P15] [L9] 503 to $method $path, with Retry-After',
    async ({ operation, method }) => {
      const { target, ...options } = validRequest(operation, 'any');
      proves('P15');
      const answer = (await service.api.call(method, target, options)).expect(503, 'starting');
      proves('L9');
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.json.retryable).toBe(true);
    },
  );

  it('[P15] 503 to an unknown path, to another method and to OPTIONS', async () => {
    for (const [method, target] of [
      ['GET', '/nowhere'],
      ['TRACE', '/items'],
      ['OPTIONS', '/items'],
    ] as const) {
      (await service.api.call(method, target)).expect(503, 'starting');
    }
  });

  it('[P15] 200 to liveness, 503 to readiness', async () => {
    expect(probes.map(({ path }) => path)).toEqual(['/health/live', '/health/ready']);
    (await service.api.get('/health/live')).expect(200);
    expect((await service.api.get('/health/ready')).expect(503, 'starting').headers['retry-after']).toBe('1');
  });

  it('[P15] serves once its database is open', async () => {
    expect(await remainsOf(service.config.database)).toEqual([]);
    await service.makeReady();
    (await service.api.get('/health/ready')).expect(200);
    (await service.api.put('/items/a', { name: 'a' })).expect(201);
    (await service.api.get('/nowhere')).expect(404, 'route-not-found');
  });
});

describe('the process', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await newDatabase();
  });
  afterEach(async () => {
    await killServices();
    await database.drop();
  });

  describeOnFile('before it opens a database', () => {
    it('creates and migrates no database when METRICS_PORT is in use', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const environment = { DATABASE_URL: database.url, METRICS_PORT: String(port) };
      const { exitCode, stderr } = await (await ServiceProcess.spawn({ environment })).ended;
      other.close();
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringMatching(`^.* METRICS_PORT=${port}: .*EADDRINUSE.*\n$`),
      });
      expect(await remainsOf(database.config)).toEqual([]);
    });
  });

  it('[P15] 503 while it waits for the migrations of another process; SIGTERM ends it then, and nothing is migrated', async () => {
    const held = await holdMigrations(database.config);
    const before = await remainsOf(database.config);
    const port = await pickFreePort();
    const environment = { DATABASE_URL: database.url, PORT: String(port) };
    const service = await ServiceProcess.spawn({ environment });
    const api = new Caller(`http://127.0.0.1:${port}`);
    while (!(await api.get('/health/live').catch(() => undefined))) await delay(10);
    await held.waitFor(1);
    (await api.get('/health/live')).expect(200);
    (await api.get('/health/ready')).expect(503, 'starting');
    (await api.get('/items')).expect(503, 'starting');
    service.signal('SIGTERM');
    expect(await service.ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(service.lines.join()).not.toMatch(/Items is listening/);
    api.close();
    expect(await remainsOf(database.config)).toEqual(before);
    await held.release();
  });
});
