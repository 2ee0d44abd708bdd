import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HistoryTrimming } from '../../../src/items/history-trimming.js';
import type { Answer } from '../../support/answer.js';
import { backUp, type Backup } from '../../support/database/backup.js';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const DAY_MS = 24 * 3_600_000;

const idsIn = (page: Answer): string[] => page.json.changes.map(({ id }: { id: string }) => id);
const seqOf = (position: string) => Number(position.split('-')[0]);

describe('a position', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    for (const id of ['a', 'b', 'c']) (await service.api.put(`/items/${id}`, { name: 'x' })).expect(201);
  });
  afterAll(() => service?.close());

  it('[Q7] 410 if another change has its number, or none yet', async () => {
    const { changes, position: latest } = (await service.api.get('/changes')).expect(200).json;
    const [first] = changes;
    const others = [
      `${seqOf(first.position)}-${first.position.at(-8) === '0' ? '1' : '0'}${first.position.slice(-7)}`,
      `${seqOf(first.position)}-${changes[1].position.slice(-8)}`,
      `${seqOf(latest) + 1}-${latest.slice(-8)}`,
      `999999999999999-${latest.slice(-8)}`,
      '0-00000001',
    ];
    for (const position of others) {
      const gone = (await service.api.get(`/changes?after=${position}`)).expect(410, 'position-gone');
      expect(gone.json).toMatchObject({ position, latest, retryable: false });
      const headers = { 'last-event-id': position };
      (await service.api.get('/changes', { headers })).expect(410, 'position-gone');
      (await service.api.get(`/changes?ids=a&after=${position}`)).expect(410, 'position-gone');
    }
    (await service.api.get(`/changes?after=${latest}`)).expect(200);
  });

  it('[Q9] 200 with the latest one, in ETag, too, and 304 until there is a change', async () => {
    const { position } = (await service.api.get('/changes?after=now')).expect(200).json;
    const answer = (await service.api.get('/changes/latest')).expect(200);
    expect(answer.json).toEqual({ position });
    expect(answer.headers.etag).toBe(`"${position}"`);
    const head = (await service.api.call('HEAD', '/changes/latest')).expect(200);
    expect(head.headers.etag).toBe(`"${position}"`);
    const headers = { 'if-none-match': `"${position}"` };
    (await service.api.get('/changes/latest', { headers })).expect(304);
    (await service.api.call('HEAD', '/changes/latest', { headers })).expect(304);
    (await service.api.get('/changes/latest', { headers: { 'if-match': '"1-00000000"' } })).expect(
      412,
      'precondition-failed',
    );
    (await service.api.put('/items/a', { name: 'changed' })).expect(200);
    expect((await service.api.get('/changes/latest', { headers })).expect(200).json.position).not.toBe(position);
  });
});

describe('a feed whose oldest changes were trimmed', () => {
  let service: TestApp;
  beforeEach(async () => {
    service = await startTestApp({ historyRetentionDays: 1 });
  });
  afterEach(() => service?.close());

  const put = async (id: string, name: string) => {
    await service.api.put(`/items/${id}`, { name });
    return (await service.api.get('/changes/latest')).json.position as string;
  };
  const trim = () => service.app.get(HistoryTrimming).trimDue();

  it('[Q8] 410 up to the newest that was trimmed, even if its own change is kept; behind it 200', async () => {
    const kept = await put('kept', 'one');
    const first = await put('a', 'one');
    const second = await put('a', 'two');
    service.clock.now = new Date(service.clock.now.getTime() + DAY_MS / 2);
    const third = await put('a', 'three');
    service.clock.now = new Date(service.clock.now.getTime() + DAY_MS / 2 + 1);
    expect(await trim()).toBe(1);
    for (const position of ['0-00000000', kept, first]) {
      (await service.api.get(`/changes?after=${position}`)).expect(410, 'position-gone');
    }
    expect((await service.api.get(`/changes?after=${second}`)).expect(200).json.position).toBe(third);
    const page = (await service.api.get('/changes')).expect(200);
    expect(page.json.changes.map((change: { position: string }) => change.position)).toEqual([second, third]);
    const ofOne = (await service.api.get('/changes?limit=1')).expect(200);
    expect(idsIn((await service.api.get(`/changes?after=${ofOne.json.position}`)).expect(200))).toEqual(['a']);
  });
});

describe('a database that was restored from a backup, and then changed in another way', () => {
  let database: TestDatabase;
  let backup: Backup;
  let service: TestApp;
  let lost: string[];
  let kept: string;

  const start = async () => {
    service = await startTestApp({ database: database.config });
  };
  const change = async (names: string[]) => {
    const positions: string[] = [];
    for (const name of names) {
      (await service.api.put('/items/a', { name })).expect(200);
      positions.push((await service.api.get('/changes/latest')).json.position as string);
    }
    return positions;
  };
  beforeAll(async () => {
    database = await migratedDatabase();
    await start();
    (await service.api.post('/items', { id: 'a', name: 'first' })).expect(201);
    kept = (await service.api.get('/changes/latest')).json.position;
    await service.close();
    backup = await backUp(database.config);
    await start();
    lost = await change(['lost', 'lost 2', 'lost 3']);
    await service.close();
    await backup.restore();
    await start();
  });
  afterAll(async () => {
    await service.close();
    await backup.drop();
    await database.drop();
  });

  it('[Q7] 410 for the positions that were lost, before and after others have their numbers', async () => {
    for (const position of lost) (await service.api.get(`/changes?after=${position}`)).expect(410, 'position-gone');
    const made = await change(['other', 'other 2']);
    expect(made.map(seqOf)).toEqual(lost.slice(0, 2).map(seqOf));
    for (const position of lost) (await service.api.get(`/changes?after=${position}`)).expect(410, 'position-gone');
    const page = (await service.api.get(`/changes?after=${kept}`)).expect(200);
    expect(page.json.changes.map(({ position }: { position: string }) => position)).toEqual(made);
  });
});
