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
