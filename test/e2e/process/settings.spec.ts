import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../src/config/config.js';
import { readConfig } from '../../../src/config/read-config.js';
import { placeOf } from '../../../src/database/database-place.js';
import { newDatabase, PASSWORD, type TestDatabase } from '../../support/database/engine.js';
import { remainsOf } from '../../support/database/untouched.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await newDatabase();
});
afterEach(async () => {
  await killServices();
  await database.drop();
});

describe('the start', () => {
  it('reads a .env in UTF-16 in the working folder, over which the environment wins, and logs what looks like a mistake in it', async () => {
    const lines = [
      `DATABASE_URL='${database.url}'`,
      'DATABSE_URL=sqlite:x',
      'SEED=off',
      'PUBLIC_URL=https://file.example # not this',
    ];
    const envFile = Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`, 'utf16le');
    const environment = { PUBLIC_URL: 'https://environment.example', AUTH: 'off' };
    const service = await ServiceProcess.start({ envFile, environment });
    expect(await service.line(/Items is listening/)).toContain(`Database: ${placeOf(database.config)}`);
    const { level, msg } = JSON.parse(await service.line(/DATABSE_URL/));
    expect({ level, msg }).toEqual({
      level: 'warn',
      msg: 'DATABSE_URL in line 2 of .env is not a setting and has no effect: did you mean DATABASE_URL?',
    });
    const index = (await service.caller().get('/')).expect(200);
    expect(index.json.links.items).toBe('https://environment.example/items');
    // SEED=off leaves a new database empty.
    expect((await service.caller().get('/items')).expect(200).json.items).toEqual([]);
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

  it('warns on standard error that nobody is asked for a credential if the log has no warnings', async () => {
    const environment = { HOST: '0.0.0.0', AUTH: 'off', LOG_LEVEL: 'silent', DATABASE_URL: database.url };
    const service = await ServiceProcess.spawn({ environment });
    expect(await service.complaint(/\n/)).toMatch(
      /^Items asks for no credentials \(AUTH=off\): anyone who can reach 0\.0\.0\.0:\d+ can read and change everything\.\n$/,
    );
    expect(await service.stop()).toMatchObject({ exitCode: 0, stdout: '' });
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

  it('78 when others can reach it and AUTH is not set; it says how to make the first key, and opens nothing', async () => {
    const { exitCode, stdout, stderr } = await endOf({ DATABASE_URL: database.url, HOST: '0.0.0.0' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 78, stdout: '' });
    expect(stderr).toMatch(/^The configuration is not usable: AUTH must be set, since .+\n$/);
    expect(stderr).toContain('npm run keys -- create --name <name> --scopes items:read,items:write');
    expect(stderr).toContain('AUTH=off');
    expect(await remainsOf(database.config)).toEqual([]);
    // What is printed is the message of the error.
    const published = () => readConfig({ DATABASE_URL: database.url, PUBLIC_URL: 'https://items.example' });
    expect(published).toThrow(ConfigError);
    expect(published).toThrow(
      /^The configuration is not usable: AUTH must be set, since .+npm run keys -- create --name.+/,
    );
  });

  it('78 when .env is unreadable', async () => {
    const { exitCode, stderr } = await (await ServiceProcess.spawn({ environment: {}, envFile: null })).ended;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 78,
      stderr: expect.stringMatching(/^The configuration is not usable: \.env can't be read \(EISDIR.+\)\n$/),
    });
  });

  it('1 when the port is in use, and no database is created', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { exitCode, stdout, stderr } = await endOf({ DATABASE_URL: database.url, PORT: String(port) });
    other.close();
    expect(await remainsOf(database.config)).toEqual([]);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `Items can't listen on HOST=127.0.0.1 PORT=${port}: the port is in use (EADDRINUSE)\n`,
    });
  });

  it('a password that is not percent-encoded is refused, and not shown', () => {
    const read = () => readConfig({ DATABASE_URL: `postgres://items:1/${PASSWORD}@127.0.0.1/items` });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/^The configuration is not usable: DATABASE_URL must be .+ write %40 for @.+$/);
    expect(read).not.toThrow(PASSWORD);
  });

  it('78 when HOST=localhost leads to an address that is not loopback, as a line of /etc/hosts can have it', async () => {
    const code = `
      import dns from 'node:dns/promises';
      import { syncBuiltinESMExports } from 'node:module';
      dns.lookup = async () => ({ address: '0.0.0.0', family: 4 });
      syncBuiltinESMExports();`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(code)}`;
    const environment = { HOST: 'localhost', DATABASE_URL: database.url, NODE_OPTIONS };
    expect(await (await ServiceProcess.spawn({ environment })).ended).toEqual({
      exitCode: 78,
      stdout: '',
      stderr:
        'The configuration is not usable: HOST=localhost leads to 0.0.0.0, which is not loopback: set HOST to the address itself\n',
    });
  });
});

async function endOf(environment: Record<string, string>) {
  return (await ServiceProcess.spawn({ environment })).ended;
}
