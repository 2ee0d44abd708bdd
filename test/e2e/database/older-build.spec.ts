import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { engine, newDatabase, type TestDatabase } from '../../support/database/engine.js';
import { migrate } from '../../support/database/older-release.js';
import { recordBuild } from '../../support/older-builds/record-build.js';
import { recordingOf, type Exchange, type Recording, type Step } from '../../support/older-builds/recording.js';
import { Replay } from '../../support/older-builds/replay.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

/** The build from before the newest expansion, RecordBatches. */
const BUILD = 'before-batches';

const NEXT = process.env.RECORD_BUILD;

if (NEXT !== undefined) {
  it('a build is recorded', async () => {
    await recordBuild(NEXT);
    expect(await recordingOf(NEXT, engine)).toBeDefined();
  });
}

describe('the build from before the newest expansion, on the schema of this one', () => {
  let recording: Recording;
  let database: TestDatabase;
  let old: Replay;
  let service: TestApp | undefined;
  const start = async () => {
    service = await startTestApp({ auth: 'off', database: database.config });
    // Behind all that the recording did.
    service.clock.now = new Date('2026-01-02T03:10:00.000Z');
    return service;
  };
  beforeAll(async () => {
    recording = await recordingOf(BUILD, engine);
    database = await newDatabase();
    old = new Replay(recording, database.config);
  });
  afterAll(async () => {
    await old?.close();
    await service?.close();
    await database?.drop();
  });

  // The tests go on from one to the next.
  it('makes its database, as it did when it was recorded', async () => {
    expect(await old.play(recording.before)).toEqual([]);
  });

  it('[P65] goes on writing and reading when this build has migrated under it', async () => {
    await migrate(database);
    expect(await old.play(recording.beside)).toEqual([]);
  });

  it('[P65] starts again, writes and reads', async () => {
    expect(await old.play(recording.after)).toEqual([]);
  });

  it('[P65] leaves what this build reads as it did: items, lists, search, versions, changes, answers under keys', async () => {
    await start();
    for (const exchange of [...recording.repeats, ...recording.reads]) await expectAlike(service!, exchange);
  });

  it('[P65] trims beside this build', async () => {
    expect(await old.play(recording.trimming)).toEqual([]);
    for (const exchange of recording.readsOfRest) await expectAlike(service!, exchange);
  });

  it('[P65] finds what this build writes, and a key that it used is taken', async () => {
    (await service!.api.put('/items/one', { name: 'nouveau', tags: ['x'] }, under('one'))).expect(201);
    (await sendBatch()).expect(200);
    const ids = ['one', 'erased', 'other'];
    const items = await old.ask(FIND_ITEMS, [engine === 'sqlite' ? JSON.stringify(ids) : ids]);
    expect(items).toHaveLength(ids.length);
    expect(items).toContainEqual(expect.objectContaining({ id: 'one', name: 'nouveau', version: 1 }));
    const keys = ['one', 'batch'].map((key) => ({ caller: 'anonymous', key }));
    const records = await old.ask(FIND_RECORDS, [JSON.stringify(keys)]);
    expect(records).toHaveLength(3);
    const taken = changed(sent(PUT, '"key":"late"'), {
      late: 'never',
      '"key":"never"': '"key":"batch"',
    });
    await expect(old.play([taken])).rejects.toThrow(/unique/i);
    (await service!.api.get('/items/never')).expect(404, 'item-not-found');
  });

  it('[P65] erases what was changed by a batch, which leaves no digest of it', async () => {
    (await service!.api.delete('/items/erased')).expect(204);
    const erasure = sent(ERASE, '"key":"erase"');
    expect(await old.play([changed(erasure, { gone: 'erased', '"key":"erase"': '"key":"again"' })])).toEqual([]);
    const digests = await queryDirectly(
      database.config,
      `SELECT fingerprint FROM idempotency_keys WHERE key = 'batch'`,
    );
    expect(digests).toEqual([{ fingerprint: '' }, { fingerprint: '' }]);
    (await sendBatch()).expect(410, 'answer-erased');
    (await service!.api.get('/items/erased/versions/1')).expect(410, 'version-erased');
  });

  const sent = (pattern: RegExp, text: string) => {
    const isIt = ({ statement, values = [] }: Step) =>
      pattern.test(recording.statements[statement]!.trim()) && values.some((value) => String(value).includes(text));
    return recording.after.filter((step) => step.isEnd === undefined).find(isIt)!;
  };
  const sendBatch = () => {
    const operations = ['erased', 'other'].map((id) => ({ method: 'PUT', id, body: { name: id } }));
    return service!.api.post('/batch', { atomic: true, operations }, under('batch'));
  };
});

const FIND_ITEMS = /^\s*SELECT id, name\b.*\bFROM items WHERE id\b/s;
const FIND_RECORDS = /^\s*SELECT k\.caller, k\.key, k\.fingerprint/;

const under = (key: string) => ({ headers: { 'idempotency-key': key } });

/** The write of a set, or of one with erasures. */
const PUT = engine === 'sqlite' ? /^INSERT INTO write_set/ : /^WITH turn .*\brecords AS/s;
const ERASE = engine === 'sqlite' ? /^INSERT INTO erasing_set/ : /^WITH turn .*\berased_versions AS/s;

/** The same step with other texts in its values. */
function changed(step: Step, texts: Record<string, string>): Step {
  const replaced = (value: unknown) =>
    Object.entries(texts).reduce((text, [from, to]) => text.replaceAll(from, to), value as string);
  return { ...step, values: step.values?.map(replaced) };
}

/** An answer may have more members than that of an older build, and a problem other words. */
async function expectAlike({ api }: TestApp, { method, target, headers, body, status, etag, text }: Exchange) {
  const answer = await api.call(method, target, { headers, body });
  expect({ target, status: answer.status, etag: answer.headers.etag }).toEqual({ target, status, etag });
  const recorded = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  const actual: unknown = answer.text === '' ? {} : answer.json;
  expect(actual).toMatchObject(status < 400 ? recorded : { code: recorded.code });
}
