import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../support/answer.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { cutConnections, fillStorage, hideItems, holdWriteLock, type Mend } from '../../support/database/faults.js';
import { prepareOutage, type Outage } from '../../support/database/outage.js';
import { proves } from '../../support/proof.js';
import { readinessNow } from '../../support/readiness.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;
let mend: Mend | undefined;

/** The stored items, and the number of versions. */
const stored = () => queryDirectly(service.config.database, 'SELECT id, version FROM items ORDER BY id');
const history = () => queryDirectly(service.config.database, 'SELECT count(*) AS count FROM item_versions');

// Needs room in the file: more than is left in a page of SQLite.
const big = { name: 'big', attributes: { text: 'x'.repeat(10_000) } };

/** One call of each operation that changes something. */
const writes: [name: string, call: () => Promise<Answer>][] = [
  ['POST', () => service.api.post('/items', { id: 'new', ...big })],
  ['PUT', () => service.api.put('/items/kept', big)],
];
const deletion = () => service.api.delete('/items/kept');

const causeLike = (message: RegExp) => expect.objectContaining({ cause: expect.stringMatching(message) });

async function startWith(settings?: Parameters<typeof startTestApp>[0]): Promise<void> {
  service = await startTestApp(settings);
  (await service.api.post('/items', { id: 'kept', name: 'Kept' })).expect(201);
}

async function endFault(): Promise<void> {
  await mend?.();
  mend = undefined;
}

describe('a database that fails', () => {
  beforeAll(() => startWith());
  afterEach(endFault);
  afterAll(() => service?.close());

  it('[K9] 500 for an unforeseen cause, which is only in the log', async () => {
    mend = await hideItems(service);
    const answers = await Promise.all([
      service.api.get('/items/kept'),
      service.api.get('/items'),
      ...writes.map(([, call]) => call()),
      deletion(),
    ]);
    for (const answer of answers) {
      const { requestId } = answer.expect(500, 'unexpected').json;
      expect(answer.headers['x-request-id']).toBe(requestId);
      expect(answer.text).not.toMatch(/no such table|relation|SELECT|INSERT|SQLITE|\.[jt]s\b|\/src\/|node_modules/i);
      const failures = service.log.filter((line) => line.requestId === requestId && line.level === 'error');
      expect(failures).toEqual([expect.objectContaining({ code: 'unexpected', err: causeLike(/items/) })]);
    }
    // Statements are not logged, since they contain values.
    expect(JSON.stringify(service.log)).not.toContain(big.attributes.text);
    await endFault();
    (await service.api.get('/items/kept')).expect(200);
  });

  it.each(writes)('[E15] 507 to %s when the storage is full, and nothing changes', async (_name, call) => {
    mend = await fillStorage(service);
    const before = [await stored(), await history()];
    (await call()).expect(507, 'storage-full');
    expect(service.log.findLast((line) => line.level === 'error')).toMatchObject({
      code: 'storage-full',
      err: { cause: expect.stringMatching(/full|could not extend file/) },
    });
    (await service.api.get('/items/kept')).expect(200);
    (await service.api.get('/items/new')).expect(404, 'item-not-found');
    expect([await stored(), await history()]).toEqual(before);
    await endFault();
    expect((await call()).status).toBeLessThan(300);
    await service.api.delete('/items/new');
  });

  it('[E15] [P3] 503 to a write while another process holds the lock too long; reads still work', async () => {
    mend = await holdWriteLock(service.config.database);
    const write = service.api.put('/items/late', big);
    (await service.api.get('/items/late')).expect(404, 'item-not-found');
    proves('P3');
    expect((await write).expect(503, 'storage-unavailable').headers['retry-after']).toBe('1');
    await endFault();
    proves('E15');
    (await service.api.put('/items/late', big)).expect(201);
  });

  it('503 when a connection is lost during a write, and the service continues', async () => {
    mend = await holdWriteLock(service.config.database);
    const write = service.api.post('/items', { id: 'cut', name: 'Cut' });
    await cutConnections(service);
    const answer = (await write).expect(503, 'storage-unavailable');
    expect(answer.headers['retry-after']).toBe('1');
    await endFault();
    (await service.api.get('/health/live')).expect(200);
    (await service.api.get('/items/cut')).expect(404, 'item-not-found');
    (await service.api.post('/items', { id: 'cut', name: 'Cut' })).expect(201);
  });
});

describe('a database that is not there', () => {
  let outage: Outage;
  beforeAll(async () => {
    outage = await prepareOutage();
    await startWith({ database: outage.database });
  });
  afterEach(endFault);
  afterAll(async () => {
    await service?.close();
    await outage?.remove();
  });

  it('[P2] [L9] 503 to requests that need it, 200 to liveness; everything works again once it is back', async () => {
    mend = await outage.begin();
    const changes = [...writes.map(([, call]) => call), deletion].map((call) => call());
    const reads = outage.unreadable.map((path) => service.api.get(path));
    for (const answer of await Promise.all([...changes, ...reads])) {
      proves('P2');
      answer.expect(503, 'storage-unavailable');
      proves('L9');
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.json.retryable).toBe(true);
    }
    proves('P2');
    for (const path of outage.readable) (await service.api.get(path)).expect(200);
    (await service.api.get('/health/live')).expect(200);

    await endFault();
    (await readinessNow(service)).expect(200);
    expect(await stored()).toEqual([{ id: 'kept', version: 1 }]);
    (await service.api.put('/items/kept', big)).expect(200);
  });
});
