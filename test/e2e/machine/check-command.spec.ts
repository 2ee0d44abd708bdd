import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { checkDatabase } from '../../../src/database-check/check-database.js';
import { runBuilt } from '../../support/built-command.js';
import { runHere } from '../../support/command-here.js';
import { prepareDamage, type DamageableDatabase } from '../../support/database/damage.js';
import { describeOnFile, describeOnServer, newDatabase } from '../../support/database/engine.js';
import { startTestApp } from '../../support/test-app.js';

/** Runs the command in this process. */
const check = (parameters: string[], settings: Record<string, string>) =>
  runHere((screen) => checkDatabase(parameters, screen), settings);

describeOnFile('npm run check', () => {
  let files: DamageableDatabase;
  let environment: Record<string, string>;
  beforeEach(async () => {
    files = await prepareDamage();
    environment = { DATABASE_URL: `sqlite:${(files.database as { path: string }).path}` };
  });
  afterEach(() => files.remove());

  it('0 for a sound file while the service runs, 1 with what was found in a damaged one', async () => {
    const service = await startTestApp({ database: files.database });
    (await service.api.put('/items/a', { name: 'A' })).expect(201);
    for (const parameters of [[], ['--full']]) {
      expect(await check(parameters, environment)).toEqual({
        exitCode: 0,
        stdout: '',
        stderr: expect.stringMatching(/^No damage was found in \S+\.\n$/),
      });
    }
    await files.damage(['item_versions']);
    expect(await runBuilt('check', [], environment)).toEqual({
      exitCode: 1,
      stdout: expect.stringMatching(/page|malformed/i),
      stderr: expect.stringMatching(/^\S+ is damaged\. Keep a copy, then restore a backup\.\n$/),
    });
    await service.close();
  });

  it('69 if there is no file, and makes none; 64 for what it does not know', async () => {
    const { exitCode, stdout, stderr } = await check([], environment);
    expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: '' });
    expect(stderr).toMatch(/^The database \S+ can't be used: SQLITE_CANTOPEN.*\n$/);
    expect((await check(['--fast'], environment)).exitCode).toBe(64);
    expect(await check(['--help'], environment)).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describeOnServer('npm run check', () => {
  it('64 with the tools of PostgreSQL, which check its files', async () => {
    const database = await newDatabase();
    expect(await check([], { DATABASE_URL: database.url })).toEqual({
      exitCode: 64,
      stdout: '',
      stderr: expect.stringMatching(/pg_amcheck/),
    });
    await database.drop();
  });
});
