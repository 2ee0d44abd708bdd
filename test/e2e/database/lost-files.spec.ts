import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { OPERATIONS } from '../../../src/operations.js';
import { bearer, KEYS, testKey } from '../../support/access/known-keys.js';
import { declaredAnswers } from '../../support/coverage/declared.js';
import { makeItemFor, validRequest } from '../../support/coverage/requests.js';
import { describeOnFile } from '../../support/database/engine.js';
import type { Mend } from '../../support/database/faults.js';
import { prepareFileLosses, type LosableFiles } from '../../support/database/file-losses.js';
import { readinessNow } from '../../support/readiness.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const codes = new Set(
  declaredAnswers().flatMap(({ operation, code }) => (code === 'outcome-unknown' ? [operation] : [])),
);
const writes = OPERATIONS.filter(({ id }) => codes.has(id));

const HOUR_MS = 3_600_000;

describeOnFile('a database file that is moved, deleted or replaced while open', () => {
  let files: LosableFiles;
  let service: TestApp;
  let mend: Mend | undefined;
  beforeAll(async () => {
    files = await prepareFileLosses();
    service = await startTestApp({ database: files.database });
    // From now on its key is known. To look it up would meet the loss before the change does.
    (await service.api.get('/items')).expect(200);
  });
  afterEach(async () => {
    await mend?.();
    mend = undefined;
  });
  afterAll(async () => {
    await service.close();
    await files.remove();
  });

  const endLoss = async () => {
    await mend?.();
    mend = undefined;
  };
  const cleanings = () => service.log.filter(({ msg }) => String(msg).startsWith('Erased content is gone')).length;
  const errors = () => service.log.filter(({ level }) => level === 'error');

  it('[P16] 503 outcome-unknown to the change that meets it, of any kind', async () => {
    for (const [n, { name, begin }] of files.losses.entries()) {
      const operation = writes[n % writes.length]!;
      const id = `unknown-${n}`;
      await makeItemFor(operation, id, service.api);
      const { target, ...options } = validRequest(operation, id);
      const cleaned = cleanings();
      mend = await begin();
      const answer = (await service.api.call(operation.method, target, options)).expect(503, 'outcome-unknown');
      expect([name, answer.headers['retry-after']]).toEqual([name, '1']);
      await endLoss();
      (await readinessNow(service)).expect(200);
      // What cleans up after an erasure would meet the next loss before the change does.
      if (operation.id === 'eraseVersions') while (cleanings() <= cleaned) await nextTurn();
      (await service.api.put(`/items/after-${n}`, { name: 'After' })).expect(201);
    }
  });

  it('[P16] 503 to readiness and to every later change, which is not made; one error in the log; reads still work', async () => {
    for (const { name, begin } of files.losses) {
      await service.api.put('/items/kept', { name });
      mend = await begin();
      const before = errors().length;
      (await readinessNow(service)).expect(503, 'storage-unavailable');
      for (const id of ['kept', 'new']) {
        (await service.api.put(`/items/${id}`, { name: 'never' })).expect(503, 'storage-unavailable');
      }
      expect((await service.api.get('/items/kept')).expect(200).json.name).toBe(name);
      (await service.api.get('/items/new')).expect(404, 'item-not-found');
      (await service.api.get('/health/live')).expect(200);
      expect(errors().slice(before)).toEqual([
        expect.objectContaining({ msg: expect.stringMatching(/moved, deleted/) }),
      ]);
      await endLoss();
      (await readinessNow(service)).expect(200);
      expect((await service.api.get('/items/kept')).expect(200).json.name).toBe(name);
    }
  });

  it('[L67] 503 to a key that is looked up meanwhile, known or not: it may be revoked in the file that is there now', async () => {
    const asking = await startTestApp({ auth: 'required', database: files.database });
    const reader = asking.api.with(bearer(KEYS.reader));
    for (const { begin } of files.losses) {
      const unknown = asking.api.with(bearer(testKey([])));
      (await reader.get('/items')).expect(200);
      mend = await begin();
      (await reader.get('/items')).expect(200);
      (await unknown.get('/items')).expect(503, 'storage-unavailable');
      asking.clock.now = new Date(asking.clock.now.getTime() + HOUR_MS);
      (await reader.get('/items')).expect(503, 'storage-unavailable');
      await endLoss();
      (await reader.get('/items')).expect(200);
      (await unknown.get('/items')).expect(401, 'invalid-token');
    }
    await asking.close();
  });

  it('[P16] 201 if a start would find the same files under their new names', async () => {
    for (const [n, { begin }] of files.harmless.entries()) {
      mend = await begin();
      (await service.api.put(`/items/harmless-${n}`, { name: 'x' })).expect(201);
      await endLoss();
      (await service.api.put(`/items/harmless-${n}`, { name: 'y' })).expect(200);
    }
  });
});
