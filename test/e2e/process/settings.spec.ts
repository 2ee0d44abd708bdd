import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { placeOf } from '../../../src/database/database-place.js';
import { newDatabase, PASSWORD, type TestDatabase } from '../../support/database/engine.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await newDatabase();
});
afterEach(async () => {
  await killServices();
  await database.drop();
});

it('the start reads a .env in UTF-16, and logs what looks like a mistake in it', async () => {
  const envFile = Buffer.from(`\uFEFFDATABASE_URL='${database.url}'\r\nDATABSE_URL=sqlite:x\r\n`, 'utf16le');
  const service = await ServiceProcess.start({ environment: {}, envFile });
  expect(await service.line(/Items is listening/)).toContain(`Database: ${placeOf(database.config)}`);
  const { level, msg } = JSON.parse(await service.line(/DATABSE_URL/));
  expect({ level, msg }).toEqual({
    level: 'warn',
    msg: 'DATABSE_URL in line 2 of .env is not a setting and has no effect: did you mean DATABASE_URL?',
  });
});

it('78 when a password is not percent-encoded, and the password is not shown', async () => {
  const environment = { DATABASE_URL: `postgres://items:1/${PASSWORD}@127.0.0.1/items` };
  const { exitCode, stdout, stderr } = await (await ServiceProcess.spawn({ environment })).ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 78, stdout: '' });
  expect(stderr).toMatch(/^The configuration is not usable: DATABASE_URL must be .+ write %40 for @.+\n$/);
  expect(stderr).not.toContain(PASSWORD);
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

it('the warning that nobody is asked for a credential is on standard error if the log has no warnings', async () => {
  const environment = { HOST: '0.0.0.0', AUTH: 'off', LOG_LEVEL: 'silent', DATABASE_URL: database.url };
  const service = await ServiceProcess.spawn({ environment });
  expect(await service.complaint(/\n/)).toMatch(
    /^Items asks for no credentials \(AUTH=off\): anyone who can reach 0\.0\.0\.0:\d+ can read and change everything\.\n$/,
  );
  expect(await service.stop()).toMatchObject({ exitCode: 0, stdout: '' });
});
