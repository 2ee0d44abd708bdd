import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryDirectly, type Row } from '../../support/database/direct-sql.js';
import { holdTurn } from '../../support/database/faults.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { MAX_CALLER_LENGTH } from '../../../src/contract/caller.js';
import { NEW_DATABASE_ITEMS } from '../../support/database/engine.js';
import { by, nameCaller } from '../../support/named-callers.js';

const AT = '2026-01-02T03:04:05.678Z';

describe('item_versions', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp({}, nameCaller);
  });
  afterAll(() => service?.close());

  const versionsOf = async (id: string): Promise<Row[]> => {
    const statement = `SELECT version, operation, snapshot, request_id, at FROM item_versions
                       WHERE item_id = '${id}' ORDER BY seq`;
    const rows = await queryDirectly(service.config.database, statement);
    return rows.map((row) => ({ ...row, snapshot: parsed(row.snapshot) }));
  };
  const sentAs = (requestId: string) => ({ headers: { 'x-request-id': requestId } });

  it('has one row for each change, without a gap, with the item after the change', async () => {
    const { api } = service;
    (await api.post('/items', { id: 'a', name: 'A', attributes: { z: 1, b: 2 } }, sentAs('r-1'))).expect(201);
    (await api.put('/items/a', { name: 'AA', description: 'two' }, sentAs('r-2'))).expect(200);
    (await api.delete('/items/a', sentAs('r-3'))).expect(204);
    (await api.put('/items/a', { name: 'again' }, sentAs('r-4'))).expect(201);
    (await api.delete('/items/a', sentAs('r-5'))).expect(204);
    (await api.post('/items', { id: 'a', name: 'third' }, sentAs('r-6'))).expect(201);

    const item = {
      id: 'a',
      description: null,
      tags: [],
      attributes: {},
      createdAt: AT,
      updatedAt: AT,
      deletedAt: null,
    };
    const version = (number: number, operation: string, snapshot: object | null) => ({
      version: number,
      operation,
      snapshot: snapshot && { ...item, ...snapshot, version: number },
      request_id: `r-${number}`,
      at: AT,
    });
    expect(await versionsOf('a')).toEqual([
      version(1, 'create', { name: 'A', attributes: { z: 1, b: 2 } }),
      version(2, 'replace', { name: 'AA', description: 'two' }),
      version(3, 'delete', null),
      version(4, 'create', { name: 'again' }),
      version(5, 'delete', null),
      version(6, 'create', { name: 'third' }),
    ]);
  });

  it('has none for requests that were refused or changed nothing', async () => {
    const { api } = service;
    (await api.post('/items', { id: 'b', name: 'B' })).expect(201);
    (await api.post('/items', { id: 'b', name: 'B' })).expect(409, 'item-exists');
    (await api.put('/items/b', { name: 'B' })).expect(200);
    (await api.put('/items/b', { id: 'c', name: 'B' })).expect(409, 'item-id-differs');
    (await api.delete('/items/never')).expect(404, 'item-not-found');
    expect(await versionsOf('b')).toHaveLength(1);
    expect(await versionsOf('never')).toEqual([]);
  });

  it('numbers a change after those of other processes that it waited for', async () => {
    const turn = await holdTurn(service.config.database);
    const put = service.api.put('/items/later', { name: 'L' });
    await turn.waitForService();
    await turn.writeVersion('earlier');
    await turn.release();
    (await put).expect(201);
    const statement = `SELECT item_id FROM item_versions WHERE item_id IN ('earlier', 'later') ORDER BY seq`;
    expect(await queryDirectly(service.config.database, statement)).toEqual([
      { item_id: 'earlier' },
      { item_id: 'later' },
    ]);
  });

  it('names the request by the X-Request-Id of its answer, also if the service made it', async () => {
    const answer = (await service.api.post('/items', { id: 'd', name: 'D' })).expect(201);
    expect(await versionsOf('d')).toMatchObject([{ request_id: answer.headers['x-request-id'] }]);
  });

  const actorsOf = async (id: string) => {
    const statement = `SELECT actor FROM item_versions WHERE item_id = '${id}' ORDER BY seq`;
    return (await queryDirectly(service.config.database, statement)).map(({ actor }) => actor);
  };

  it('names the caller of each change', async () => {
    const { api } = service;
    (await api.post('/items', { id: 'e', name: 'E' })).expect(201);
    (await api.put('/items/e', { name: 'EE' }, { headers: by('key:a1') })).expect(200);
    (await api.patch('/items/e', { name: 'E' }, { headers: by('jwt:https://issuer.example|é "x"') })).expect(200);
    (await api.put('/items/e', { name: 'E' }, { headers: by('key:changed-nothing') })).expect(200);
    (await api.delete('/items/e', { headers: by('key:b2') })).expect(204);
    (await api.delete('/items/e', { headers: by('key:refused') })).expect(404, 'item-not-found');
    expect(await actorsOf('e')).toEqual(['anonymous', 'key:a1', 'jwt:https://issuer.example|é "x"', 'key:b2']);
  });

  it('names each caller of a group', async () => {
    const callers = Array.from({ length: 50 }, (_, n) => `key:${n}`);
    const puts = callers.map((caller) => service.api.put('/items/f', { name: caller }, { headers: by(caller) }));
    for (const answer of await Promise.all(puts)) expect(answer.status).toBeLessThan(300);
    const versions = (await versionsOf('f')) as { snapshot: { name: string } }[];
    expect(versions).toHaveLength(50);
    expect(await actorsOf('f')).toEqual(versions.map(({ snapshot }) => snapshot.name));
  });

  it('takes the longest name of a caller', async () => {
    const longest = `jwt:${'\u{1f600}'.repeat(MAX_CALLER_LENGTH - 4)}`;
    (await service.api.post('/items', { id: 'g', name: 'G' }, { headers: by(longest) })).expect(201);
    expect(await actorsOf('g')).toEqual([longest]);
  });

  it('names the service for the tutorial items', async () => {
    const seeded = await startTestApp({ seed: true });
    const statement = `SELECT item_id, actor FROM item_versions ORDER BY seq`;
    const made = await queryDirectly(seeded.config.database, statement);
    await seeded.close();
    expect(made).toEqual(NEW_DATABASE_ITEMS.map((item) => ({ item_id: item.split(':')[0], actor: 'service' })));
  });
});

// SQLite returns JSON as text.
function parsed(snapshot: unknown): unknown {
  return typeof snapshot === 'string' ? JSON.parse(snapshot) : snapshot;
}
