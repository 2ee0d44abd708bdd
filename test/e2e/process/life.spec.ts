import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { placeOf } from '../../../src/database/database-place.js';
import type { Caller } from '../../support/caller.js';
import { newDatabase, NEW_DATABASE_ITEMS, PASSWORD, type TestDatabase } from '../../support/database/engine.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { remainsOf } from '../../support/database/untouched.js';
import { unusableDatabases } from '../../support/database/unusable-databases.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await newDatabase();
});
afterEach(async () => {
  await killServices();
  await database.drop();
});

describe('the start', () => {
  it('says where the API, the Swagger UI and the database are, without the password', async () => {
    const service = await ServiceProcess.start({ environment: { DATABASE_URL: database.url } });
    const { level, msg } = JSON.parse(await service.line(/Items is listening/));
    const { url } = service;
    expect({ level, msg }).toEqual({
      level: 'info',
      msg: `Items is listening. API: ${url} Swagger UI: ${url}/docs Database: ${placeOf(database.config)}`,
    });
    const api = service.caller();
    (await api.get('/health/ready')).expect(200);
    (await api.get('/docs')).expect(200);
    expect(await service.stop()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(service.lines.join()).not.toContain(PASSWORD);
    expect(service.lines.join()).not.toContain('AUTH=off');
  });

  it('puts the tutorial items into a file that it created, keeps all data, and does not add them again', async () => {
    const environment = { DATABASE_URL: database.url };
    const first = await ServiceProcess.start({ environment });
    const api = first.caller();
    expect(await itemsOf(api)).toEqual(NEW_DATABASE_ITEMS);
    await api.put('/items/1', { name: 'avocado' });
    await api.put('/items/2', { name: 'blueberry' });
    (await api.delete('/items/2')).expect(204);
    await first.stop();

    const second = await ServiceProcess.start({ environment });
    expect(await itemsOf(second.caller())).toEqual(['1: avocado']);
  });

  it('with AUTH=off warns on one line if it listens on other addresses than loopback, and lets everybody in', async () => {
    const environment = { DATABASE_URL: database.url, HOST: '0.0.0.0', AUTH: 'off' };
    const service = await ServiceProcess.start({ environment });
    (await service.caller().get('/items')).expect(200);
    const warnings = service.lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'warn');
    expect(warnings).toEqual([
      expect.objectContaining({ msg: expect.stringMatching(/AUTH=off.*can read and change everything/) }),
    ]);
  });

  it('with AUTH=required asks for credentials and warns of nothing, wherever it listens', async () => {
    const environment = {
      DATABASE_URL: database.url,
      HOST: '0.0.0.0',
      PUBLIC_URL: 'https://items.example',
      AUTH: 'required',
    };
    const service = await ServiceProcess.start({ environment });
    (await service.caller().get('/items')).expect(401, 'unauthenticated');
    (await service.caller().get('/health/ready')).expect(200);
    expect(service.lines.filter((line) => line.includes('"warn"'))).toEqual([]);
  });

  it('reads .env in the working folder, and the environment wins over it; SEED=off leaves a new database empty', async () => {
    const envFile = `DATABASE_URL="${database.url}"\nSEED=off\nPUBLIC_URL=https://file.example # not this\n`;
    const environment = { PUBLIC_URL: 'https://environment.example', AUTH: 'off' };
    const service = await ServiceProcess.start({ envFile, environment });
    expect(await service.line(/Items is listening/)).toContain(`Database: ${placeOf(database.config)}`);
    const index = (await service.caller().get('/')).expect(200);
    expect(index.json.links.items).toBe('https://environment.example/items');
    expect(await itemsOf(service.caller())).toEqual([]);
  });
});

describe('a start that fails says why in one line', () => {
  it('78 names every unusable setting at once', async () => {
    const environment = {
      DATABASE_URL: `mysql://items:${PASSWORD}@127.0.0.1/items`,
      HOST: 'two words\nand lines',
      LOG_LEVEL: 'loud',
      PORT: '65536',
      PUBLIC_URL: 'items.example',
      SEED: 'constructor',
    };
    const { exitCode, stdout, stderr } = await endOf(environment);
    expect({ exitCode, stdout }).toEqual({ exitCode: 78, stdout: '' });
    expect(stderr).toMatch(/^The configuration is not usable: .+\n$/);
    for (const name of Object.keys(environment)) expect(stderr).toMatch(new RegExp(`[ ]${name}(=[^;]*)? must be `));
    expect(stderr).not.toContain(PASSWORD);
  });

  it.each<Record<string, string>>([{ HOST: '0.0.0.0' }, { PUBLIC_URL: 'https://items.example' }])(
    '78 when others can reach it and AUTH is not set: %j; it says how to make the first key, and opens nothing',
    async (settings) => {
      const { exitCode, stdout, stderr } = await endOf({ DATABASE_URL: database.url, ...settings });
      expect({ exitCode, stdout }).toEqual({ exitCode: 78, stdout: '' });
      expect(stderr).toMatch(/^The configuration is not usable: AUTH must be set, since .+\n$/);
      expect(stderr).toContain('npm run keys -- create --name <name> --scopes items:read,items:write');
      expect(stderr).toContain('AUTH=off');
      expect(await remainsOf(database.config)).toEqual([]);
    },
  );

  it('78 when .env is unreadable', async () => {
    const { exitCode, stderr } = await (await ServiceProcess.spawn({ environment: {}, envFile: null })).ended;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 78,
      stderr: expect.stringMatching(/^The configuration is not usable: \.env can't be read \(EISDIR.+\)\n$/),
    });
  });

  it('1 when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { exitCode, stdout, stderr } = await endOf({ DATABASE_URL: database.url, PORT: String(port) });
    other.close();
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `Items can't listen on HOST=127.0.0.1 PORT=${port}: the port is in use (EADDRINUSE)\n`,
    });
  });

  it('1 when the database is not usable', async () => {
    const unusable = await unusableDatabases(database);
    expect(unusable.length).toBeGreaterThan(1);
    for (const { url, complaint } of unusable) {
      const { exitCode, stdout, stderr } = await endOf({ DATABASE_URL: url });
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/^The database .+ can't be used: .+\n$/);
      expect(stderr).toMatch(complaint);
      expect(stderr).not.toContain(PASSWORD);
    }
  }, 90_000);
});

async function endOf(environment: Record<string, string>) {
  return (await ServiceProcess.spawn({ environment })).ended;
}

async function itemsOf(api: Caller): Promise<string[]> {
  const { items } = (await api.get('/items')).expect(200).json as { items: { id: string; name: string }[] };
  return items.map(({ id, name }) => `${id}: ${name}`);
}
