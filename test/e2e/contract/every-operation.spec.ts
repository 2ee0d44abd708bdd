import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemsOf, successesOf } from '../../../src/contract/operation.js';
import { replaceItem } from '../../../src/items/contract/items.operations.js';
import { OPERATIONS } from '../../../src/operations.js';
import { makeItemFor, spoilFor, SPOILS, validRequest } from '../../support/coverage/requests.js';
import { connectDirectly, type DirectConnection } from '../../support/database/direct-sql.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

// What holds for every operation, made from the declarations.
describe('every operation', () => {
  let service: TestApp;
  let stored: DirectConnection;
  beforeAll(async () => {
    service = await startTestApp({ auth: 'required', allowedHosts: ['127.0.0.1'] });
    stored = await connectDirectly(service.config.database);
  });
  afterAll(async () => {
    await stored?.close();
    await service?.close();
  });

  /** Differs after each change: all of them add a version, and an erasure takes snapshots away. */
  const state = () =>
    stored.query('SELECT count(*) AS versions, max(seq) AS last, count(snapshot) AS kept FROM item_versions');

  it('can be spoilt in every way that these tests know', () => {
    const declared = new Set(OPERATIONS.flatMap(problemsOf).map(({ type }) => type.code));
    expect([...declared]).toEqual(expect.arrayContaining(Object.keys(SPOILS)));
    expect(Object.keys(SPOILS).length).toBeGreaterThan(10);
  });

  for (const operation of OPERATIONS) {
    const { id, method, path } = operation;
    const existing = `item-for-${id}`;

    describe(`${method} ${path}`, () => {
      // If the operation creates it, another item is there.
      let unchanged: unknown;
      beforeAll(async () => {
        await makeItemFor(operation.id === 'createItem' ? replaceItem : operation, existing, service.api);
        unchanged = await state();
      });
      for (const problem of problemsOf(operation)) {
        const spoil = spoilFor(operation, problem.type.code);
        if (!spoil) continue;
        it(`${problem.type.status} ${problem.type.code}, and nothing changes`, async () => {
          const { target, ...options } = spoil(validRequest(operation, existing));
          (await service.api.call(method, target, options)).expect(problem.type.status, problem.type.code);
          expect(await state()).toEqual(unchanged);
        });
      }

      if (method === 'GET') {
        it('[B15] [B16] HEAD gives the status and header fields of GET, without a body', async () => {
          const { target } = validRequest(operation, existing);
          const headers = { 'x-request-id': 'same' };
          const get = (await service.api.get(target, { headers })).expect(200);
          const head = (await service.api.call('HEAD', target, { headers })).expect(200);
          proves('B15');
          // Each scrape changes what the next one shows, and so its length.
          const passing = { date: '', ...(id === 'getMetrics' && { 'content-length': '' }) };
          expect({ ...head.headers, ...passing }).toEqual({ ...get.headers, ...passing });
          expect(head.text).toBe('');
          proves('B16');
          const { headers: expected } = id === 'getMetrics' ? head : get;
          expect([undefined, expected['content-length']]).toContain(head.headers['content-length']);
        });
      }

      if (successesOf(operation).some(([, success]) => success.fields?.includes('Location'))) {
        it('[E2] Location leads to the created item', async () => {
          const itemId = `new-by-${id}`;
          if (operation.path.includes(':id')) {
            (await service.api.put(`/items/${itemId}`, { name: 'deleted' })).expect(201);
            (await service.api.delete(`/items/${itemId}`)).expect(204);
          }
          const { target, ...options } = validRequest(operation, itemId);
          const made = (await service.api.call(method, target, options)).expect(201);
          const found = (await service.api.get(made.headers.location ?? '')).expect(200);
          expect(found.json).toEqual(made.json);
          expect(found.headers.etag).toBe(made.headers.etag);
        });
      }
    });
  }
});
