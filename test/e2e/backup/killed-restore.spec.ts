import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { backUpInto, makeBackupFolder, restoreFrom, type BackupFolder } from '../../support/backups/backups.js';
import { fileOf } from '../../support/built-command.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { engine, migratedDatabase, newDatabase, type TestDatabase } from '../../support/database/engine.js';
import { addChanges } from '../../support/database/many-changes.js';
import { remainsOf } from '../../support/database/untouched.js';

/** So many that they take much longer to restore than it takes to see that this has begun. */
const ROWS = 20_000;

let folder: BackupFolder;
let original: TestDatabase;
let target: TestDatabase;
beforeAll(async () => {
  [folder, original, target] = [await makeBackupFolder(), await migratedDatabase(), await newDatabase()];
  await addChanges(original.config, ROWS);
  await backUpInto(folder.path('a.gz'), original.config);
});
afterAll(async () => {
  await target?.drop();
  await original?.drop();
  await folder?.remove();
});

/** Whether rows are being put there: a file that has no name yet, or a transaction that has written. */
async function isUnderWay(): Promise<boolean> {
  if (engine === 'sqlite')
    return (await remainsOf(target.config)).some((name) => String(name).includes('.unfinished-'));
  const writing = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'items backup'
    AND backend_xid IS NOT NULL`;
  return (await queryDirectly(target.config, writing)).length > 0;
}

it('a restore that is killed leaves nothing that could be taken for a database, and can be done again', async () => {
  const restoring = spawn(process.execPath, [fileOf('restore'), folder.path('a.gz')], {
    env: { DATABASE_URL: target.url },
    stdio: 'ignore',
  });
  const ended = once(restoring, 'exit');
  while (restoring.exitCode === null && !(await isUnderWay())) await delay(1);
  restoring.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  const left = await remainsOf(target.config);
  expect(left.filter((name) => !JSON.stringify(name).includes('.unfinished-'))).toEqual([]);
  await restoreFrom(folder.path('a.gz'), target.config);
  const [{ count } = {}] = await queryDirectly(target.config, 'SELECT count(*) AS count FROM item_versions');
  expect(Number(count)).toBe(ROWS);
});
