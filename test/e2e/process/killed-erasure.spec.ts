import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { connectDirectly, type DirectConnection } from '../../support/database/direct-sql.js';
import { describeOnFile, migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { storedBytes } from '../../support/database/stored-bytes.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let database: TestDatabase;
let reader: DirectConnection | undefined;
let second: TestApp | undefined;
beforeEach(async () => {
  database = await migratedDatabase();
});
afterEach(async () => {
  await killServices();
  await reader?.close();
  await second?.close();
  await database.drop();
});

const WORDS = ['zqxname', 'wkvtag', 'yxjtext'];

/** Those that the files have. */
async function left(): Promise<string[]> {
  const bytes = await storedBytes(database.config);
  return WORDS.filter((word) => bytes.includes(word));
}

describeOnFile('a process that is killed between an erasure and the end of its work', () => {
  it('leaves it to the next start, which finishes it and says so', async () => {
    const environment = { DATABASE_URL: database.url };
    const first = await ServiceProcess.start({ environment });
    const api = first.caller();
    (await api.put('/items/a', { name: WORDS[0], tags: [WORDS[1]], description: WORDS[2] })).expect(201);
    (await api.delete('/items/a')).expect(204);
    // Whoever reads keeps the log from being emptied.
    reader = await connectDirectly(database.config);
    await reader.query('BEGIN');
    await reader.query('SELECT count(*) FROM items');
    (await api.call('DELETE', '/items/a/versions')).expect(204);
    first.signal('SIGKILL');
    await first.ended;
    expect(await left()).toEqual(WORDS);
    await reader.query('COMMIT');
    second = await startTestApp({ database: database.config });
    const isGone = ({ msg }: Record<string, unknown>) => (msg as string).startsWith('Erased content is gone');
    while (!second.log.some(isGone)) await delay(10);
    expect(await left()).toEqual([]);
  });
});
