import { HistoryTrimming } from '../../../src/items/history-trimming.js';
import type { Answer } from '../answer.js';
import { KEYS, plantKeysDirectly } from '../access/known-keys.js';
import type { TestDatabase } from '../database/engine.js';
import { createNastyItems } from '../filters/nasty-items.js';
import { seededRandom } from '../random.js';
import { startTestApp, type TestApp } from '../test-app.js';

const DAY_MS = 24 * 3_600_000;

/** A service in whose database everything has happened that can happen to one. */
export interface EventfulService {
  service: TestApp;
  /** Sends some requests with keys again. */
  repeat(this: void, service: TestApp): Promise<Answer[]>;
  /** Positions of the change feed, the first of them behind what was trimmed. */
  positions: string[];
}

/** Nasty texts, all operations, tombstones, erased and trimmed versions, records of keys, of batches too, and API keys. */
export async function startEventful(database: TestDatabase, seed: number): Promise<EventfulService> {
  const service = await startTestApp({ database: database.config, historyRetentionDays: 30, idempotencyTtlHours: 48 });
  await plantKeysDirectly(database.config, service.clock.now);
  const { api, clock } = service;
  await createNastyItems(service, 60, seededRandom(seed));
  const put = (id: string, name: string) => api.put(`/items/${id}`, { name });
  for (const id of ['trimmed', 'trimmed-too', 'erased', 'deleted', 'back']) {
    (await put(id, 'first')).expect(201);
    (await put(id, 'second')).expect(200);
  }
  clock.now = new Date(clock.now.getTime() + 40 * DAY_MS);
  if ((await service.app.get(HistoryTrimming).trimDue()) < 5) throw new Error('nothing was trimmed');
  const positions = [(await api.get('/changes/latest')).expect(200).json.position as string];
  for (const id of ['erased', 'deleted', 'back']) (await api.delete(`/items/${id}`)).expect(204);
  (await api.delete('/items/erased/versions')).expect(204);
  (await api.post('/items/back/restore', { version: 2 })).expect(201);
  (await put('searched', 'Übergröße of a straw')).expect(201);
  positions.push((await api.get('/changes/latest')).expect(200).json.position as string);
  await repeat(service);
  positions.push((await api.get('/changes/latest')).expect(200).json.position as string);
  return { service, repeat, positions };
}

function under(key: string, more: Record<string, string> = {}) {
  return { headers: { 'idempotency-key': key, ...more } };
}

async function repeat({ api }: TestApp): Promise<Answer[]> {
  const operations = [1, 2].map((n) => ({ method: 'POST', body: { id: `batched-${n}`, name: `b\u2028${n}` } }));
  return [
    await api.post('/items', { id: 'keyed', name: '\u{1F600}' }, under('once')),
    await api.put('/items/keyed', { name: 'again' }, under('twice', { prefer: 'return=minimal' })),
    await api.post('/batch', { atomic: true, operations }, under('batch')),
    await api.delete('/items/keyed', under('gone')),
  ];
}

/** A key that its database knows. */
export const KNOWN = KEYS.all;
