import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rehearsalsOf } from '../../../src/http/rehearsal/rehearse-field.js';
import { OPERATIONS } from '../../../src/operations.js';
import { validRequest } from '../../support/coverage/requests.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

/** Everything in the database. */
async function everythingIn({ config }: TestApp): Promise<string> {
  const tables = ['items', 'item_versions', 'idempotency_keys'];
  return JSON.stringify(
    await Promise.all(tables.map((table) => queryDirectly(config.database, `SELECT * FROM ${table}`))),
  );
}

// That no rehearsal asks the database is shown in rehearsal.spec.ts. Here it has one.
describe.each([true, false])('a rehearsal of a change with REHEARSAL=%s', (rehearsal) => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp({ rehearsal });
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
  });
  afterAll(() => service?.close());

  it('[R2] writes nothing, whether its answer is a success or a problem', async () => {
    const stored = await everythingIn(service);
    for (const operation of OPERATIONS) {
      const values = rehearsalsOf(operation);
      for (const rehearse of [values[0]!, values.at(-1)!]) {
        const { target, ...request } = validRequest(operation, operation.method === 'POST' ? 'new' : 'kept');
        const headers = { ...request.headers, rehearse };
        const answer = await service.api.call(operation.method, target, { ...request, headers });
        if (!rehearsal) answer.expect(400, 'rehearsal-off');
        expect([operation.id, answer.headers.rehearsed]).toEqual([operation.id, rehearsal ? 'true' : undefined]);
      }
    }
    expect(await everythingIn(service)).toBe(stored);
  });

  it('[R2] under an Idempotency-Key leaves the key free', async () => {
    const keyed = { 'idempotency-key': 'free' };
    const headers = { ...keyed, rehearse: '201' };
    const rehearsed = await service.api.post('/items', { id: 'new', name: 'New' }, { headers });
    expect(rehearsed.status).toBe(rehearsal ? 201 : 400);
    (await service.api.put('/items/keyed', { name: 'Another request' }, { headers: keyed })).expect(201);
  });
});
