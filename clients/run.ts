import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { adviceOnCreate, adviceOnGet, clientOf } from './openapi-typescript.js';

// Uses the built service through a generated client, and tells its problems apart by their types.
const folder = await mkdtemp(join(tmpdir(), 'items-clients-'));
const service = spawn(process.execPath, [resolve('../dist/src/main.js')], {
  cwd: folder,
  env: { PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  await use(await urlOf(service.stdout));
  process.stdout.write('The generated client told 201, 200, 400, 404 and 409 apart.\n');
} finally {
  const ended = new Promise((done) => service.once('exit', done));
  if (service.kill('SIGTERM')) await ended;
  await rm(folder, { recursive: true, force: true });
}

async function use(baseUrl: string): Promise<void> {
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

/** The URL that the service says it serves on. Error: it ended before. */
async function urlOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const [, url] = /API: (http:\S+)/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('The service ended before it served');
}
