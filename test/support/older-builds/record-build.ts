import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { HistoryTrimming } from '../../../src/items/history-trimming.js';
import type { CallOptions } from '../caller.js';
import { engine, newDatabase } from '../database/engine.js';
import { listenOnly, type TestApp } from '../test-app.js';
import { fileOf, type Exchange, type Recording } from './recording.js';
import { StatementTap } from './statement-tap.js';

const DAY_MS = 86_400_000;

/** What the log says when nothing erased is left in an SQLite file. */
const IS_CLEAN = /Erased content is gone/;

const SETTINGS = { auth: 'off', historyRetentionDays: 2 } as const;

type Send = [method: string, target: string, options?: CallOptions];

const under = (key: string, json?: unknown): CallOptions => ({ headers: { 'idempotency-key': key }, json });

/** All kinds of changes, and reads. */
const BEFORE: Send[] = [
  [
    'POST',
    '/items',
    under('post', { id: 'a', name: 'Älteste Äpfel', tags: ['red', 'old'], attributes: { thread: 'M8' } }),
  ],
  ['PUT', '/items/b', { json: { name: 'birne', attributes: { size: { width: 2 } } } }],
  ['PUT', '/items/gone', under('gone', { name: 'secret', description: 'to be erased' })],
  ['PUT', '/items/aged', { json: { name: 'first' } }],
  ['PUT', '/items/aged', { json: { name: 'second' } }],
  ['DELETE', '/items/gone'],
  ['GET', '/items/a'],
  ['GET', '/items?q=apfel'],
  ['GET', '/changes'],
];

const BESIDE: Send[] = [
  ['PUT', '/items/a', under('put', { name: 'Neue Äpfel', tags: ['new'] })],
  ['PUT', '/items/a', under('put', { name: 'Neue Äpfel', tags: ['new'] })],
  [
    'PATCH',
    '/items/b',
    { headers: { 'content-type': 'application/merge-patch+json' }, body: '{"attributes":{"thread":"M6"}}' },
  ],
  ['POST', '/items', under('more', { id: 'more', name: 'more' })],
  ['DELETE', '/items/more', under('less')],
  ['POST', '/items/more/restore', under('restore', { version: 1 })],
  ['GET', '/items?filter=tags==new'],
  ['GET', '/items?q=neue&count=true&sort=-updatedAt'],
  ['GET', '/items/a/versions'],
  ['GET', '/items/a/versions/1'],
  ['GET', '/items/a?at=2026-01-02T03:04:05.678Z'],
  ['GET', '/changes'],
  ['GET', '/changes/latest'],
  ['GET', '/health/ready'],
];

const AFTER: Send[] = [
  ['DELETE', '/items/gone/versions', under('erase')],
  ['PUT', '/items/late', under('late', { name: 'late' })],
  [
    'PUT',
    '/items/late',
    { headers: { 'idempotency-key': 'minimal', prefer: 'return=minimal' }, json: { name: 'later' } },
  ],
  ['PUT', '/items/late', under('late', { name: 'late' })],
  ['DELETE', '/items/b'],
  ['GET', '/items?deleted=true'],
  ['GET', '/health/ready'],
];

const READS: Send[] = [
  ...['a', 'aged', 'b', 'gone', 'late', 'more'].flatMap((id) => [`/items/${id}`, `/items/${id}/versions`]),
  '/items',
  '/items?deleted=true&count=true',
  '/items?q=neue',
  '/items?q=secret',
  '/items?filter=tags==new',
  '/items?filter=attributes.thread==M6',
  '/items/a/versions/1',
  '/items/aged/versions/1',
  '/changes',
].map((target) => ['GET', target]);

/**
 * Records what the build of this source says to its database, as `test/support/older-builds/<build>.<engine>.json`. Run it before an
 * expansion is written.
 */
export async function recordBuild(build: string): Promise<void> {
  const database = await newDatabase();
  const tap = new StatementTap();
  const first = await listenOnly({ ...SETTINGS, database: database.config });
  const before = await tap.during(async () => {
    await first.makeReady();
    await sendAll(first, BEFORE);
  });
  const beside = await tap.during(() => sendAll(first, BESIDE));
  const until = first.clock.now;
  await first.close();
  const second = await listenOnly({ ...SETTINGS, database: database.config });
  second.clock.now = new Date(until.getTime() + 1_000);
  const after = await tap.during(async () => {
    await second.makeReady();
    await sendAll(second, AFTER);
    if (engine === 'sqlite') while (!second.log.some(({ msg }) => IS_CLEAN.test(String(msg)))) await setTimeout(5);
  });
  const repeats = await sendAll(second, [...BEFORE, ...BESIDE, ...AFTER].filter(isRepeatable));
  const reads = await sendAll(second, READS);
  second.clock.now = new Date(until.getTime() + 3 * DAY_MS);
  const trimming = await tap.during(() => second.app.get(HistoryTrimming).trimDue());
  const readsOfRest = await sendAll(second, READS);
  const steps = { before, beside, after, trimming };
  const recording: Recording = { statements: tap.statements, ...steps, repeats, reads, readsOfRest };
  await writeFile(fileOf(build, engine), `${JSON.stringify(recording, undefined, 1)}\n`);
  await second.close();
  await database.drop();
}

const isRepeatable = ([, , options]: Send) => options?.headers?.['idempotency-key'] !== undefined;

/** Sends one after the other, each a second later. */
async function sendAll(service: TestApp, sends: Send[]): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const [method, target, { headers = {}, json, body } = {}] of sends) {
    const content = json === undefined ? body : JSON.stringify(json);
    const fields = { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers };
    const answer = await service.api.call(method, target, { headers: fields, body: content });
    const { status, text } = answer;
    exchanges.push({
      method,
      target,
      headers: fields,
      body: content as string,
      status,
      etag: answer.headers.etag,
      text,
    });
    service.clock.now = new Date(service.clock.now.getTime() + 1_000);
  }
  return exchanges;
}
