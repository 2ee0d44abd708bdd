import assert from 'node:assert/strict';
import * as kubb from './kubb.js';
import * as zod from './openapi-zod-client.js';
import { adviceOnCreate, adviceOnGet, clientOf } from './openapi-typescript.js';
import { withService } from './service.js';

// Calls the built service through generated clients, and tells its problems apart by their types.
await withService(async (baseUrl) => {
  await useOpenapiTypescript(baseUrl);
  await useKubb(baseUrl);
  await useOpenapiZodClient(baseUrl);
});
process.stdout.write('Generated clients told 200, 201, 204, 400, 404 and 409 apart.\n');

async function useOpenapiTypescript(baseUrl: string): Promise<void> {
  const client = clientOf(baseUrl);
  const body = { id: 'bolt-m8', name: 'Bolt M8', attributes: { thread: 'M8' } };
  const params = { path: { id: 'bolt-m8' } };

  const created = await client.POST('/items', { body });
  assert.deepEqual([created.response.status, created.data?.id, created.data?.version], [201, 'bolt-m8', 1]);
  assert.equal((await client.GET('/items/{id}', { params })).data?.name, 'Bolt M8');

  const taken = await client.POST('/items', { body });
  assert.ok(taken.error?.code === 'item-exists');
  assert.equal(adviceOnCreate(taken.error), 'read /items/bolt-m8, which has the id bolt-m8');
  const nameless = await client.POST('/items', { body: { ...body, name: '' } });
  assert.ok(nameless.error?.code === 'invalid-body');
  assert.equal(adviceOnCreate(nameless.error), 'mend /name');

  const absent = await client.GET('/items/{id}', { params: { path: { id: 'nothing' } } });
  assert.ok(absent.error?.code === 'item-not-found');
  assert.equal(adviceOnGet(absent.error), 'there is no nothing');
  assert.equal((await client.DELETE('/items/{id}', { params })).response.status, 204);
  const deleted = await client.GET('/items/{id}', { params });
  assert.ok(deleted.error?.code === 'item-not-found');
  assert.match(adviceOnGet(deleted.error), /^gone since \d{4}-/);
}

async function useKubb(baseUrl: string): Promise<void> {
  assert.equal((await kubb.write(baseUrl, 'nut-m8', 'Nut M8')).version, 1);
  assert.equal(await kubb.nameOf(baseUrl, 'nut-m8'), 'Nut M8');
  assert.equal(await kubb.nameOf(baseUrl, 'nothing'), 'there is no nothing');
}

async function useOpenapiZodClient(baseUrl: string): Promise<void> {
  assert.equal(await zod.write(baseUrl, 'nut-m10', 'Nut M10'), 1);
  assert.equal(await zod.write(baseUrl, 'nut-m10', 'Nut M10, zinc'), 2);
  assert.equal(await zod.read(baseUrl, 'nut-m10'), 'Nut M10, zinc');
  assert.equal(await zod.read(baseUrl, 'nothing'), 'item-not-found');
}
