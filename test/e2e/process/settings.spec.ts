import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../src/config/config.js';
import { readConfig } from '../../../src/config/read-config.js';
import { placeOf } from '../../../src/database/database-place.js';
import { Caller } from '../../support/caller.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
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
  it('reads a .env in UTF-16 in the working folder, over which the environment wins, and warns only of what looks like a mistake in it', async () => {
    const settings = [
      `DATABASE_URL='${database.url}'`,
      'DATABSE_URL=sqlite:x',
      'SEED=off',
      'PUBLIC_URL=https://file.example # not this',
    ];
    const envFile = Buffer.from(`\uFEFF${settings.join('\r\n')}\r\n`, 'utf16le');
    // Whoever asks for credentials may listen anywhere.
    const environment = { PUBLIC_URL: 'https://environment.example', AUTH: 'required', HOST: '0.0.0.0' };
    const service = await ServiceProcess.start({ envFile, environment });
    expect(await service.line(/Items is listening/)).toContain(`Database: ${placeOf(database.config)}`);
    const lines = service.lines.map((line) => JSON.parse(line) as { level: string; msg: string });
    expect(lines.filter(({ level }) => level !== 'info').map(({ level, msg }) => [level, msg])).toEqual([
      ['warn', 'DATABSE_URL in line 2 of .env is not a setting and has no effect: did you mean DATABASE_URL?'],
    ]);
    const index = (await service.caller().get('/')).expect(200);
    expect(index.json.links.items).toBe('https://environment.example/items');
    (await service.caller().get('/items')).expect(401, 'unauthenticated');
    (await service.caller().get('/health/ready')).expect(200);
    // SEED=off leaves a new database empty.
    expect(await queryDirectly(database.config, 'SELECT id FROM items')).toEqual([]);
  });

  it('with AUTH=off lets everybody in, and warns on standard error if others can reach it and the log has no warnings', async () => {
    const environment = { HOST: '0.0.0.0', AUTH: 'off', LOG_LEVEL: 'silent', DATABASE_URL: database.url };
    const service = await ServiceProcess.spawn({ environment });
    const complaint = await service.complaint(/\n/);
    expect(complaint).toMatch(
      /^Items asks for no credentials \(AUTH=off\): anyone who can reach 0\.0\.0\.0:\d+ can read and change everything\.\n$/,
    );
    const api = new Caller(`http://127.0.0.1:${/:(\d+) can/.exec(complaint)?.[1]}`);
    (await api.get('/items')).expect(200);
    api.close();
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

  // Exit code 78 and one line are what every such error leads to.
  it.each([{ HOST: '0.0.0.0' }, { PUBLIC_URL: 'https://items.example' }])(
    'AUTH must be set if others can reach it by %j; it says how to make the first key',
    (settings) => {
      const read = () => readConfig({ DATABASE_URL: database.url, ...settings });
      expect(read).toThrow(ConfigError);
      expect(read).toThrow(/^The configuration is not usable: AUTH must be set, since .+$/);
      expect(read).toThrow('npm run keys -- create --name <name> --scopes items:read,items:write');
      expect(read).toThrow('AUTH=off');
    },
  );

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
