import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { manageKeys } from '../../../src/access/keys/command/manage-keys.js';
import { makeIndexes } from '../../../src/backup/command/indexes.js';
import { move, moveAll } from '../../../src/backup/command/move.js';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { withHeldFile } from '../../../src/backup/rows/held-file.js';
import type { MoveTarget } from '../../../src/backup/rows/move-note.js';
import { entitiesFor } from '../../../src/entities.js';
import { startEventful } from '../../support/backups/eventful-database.js';
import { storedRowsOf } from '../../support/backups/rows.js';
import { shownBy } from '../../support/backups/shown.js';
import { fileOf, runBuilt } from '../../support/built-command.js';
import { runHere } from '../../support/command-here.js';
import { connectDirectly, queryDirectly } from '../../support/database/direct-sql.js';
import { describeOnServer, impatientConfigOf, PASSWORD, type TestDatabase } from '../../support/database/engine.js';
import { migratedDatabaseOn, newDatabaseOn } from '../../support/database/every-engine.js';
import { migrate } from '../../support/database/older-release.js';
import { SEED } from '../../support/random.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

describeOnServer('npm run move', () => {
  let file: TestDatabase;
  let server: TestDatabase;
  let service: TestApp | undefined;
  let moved: TestApp | undefined;
  beforeEach(async () => {
    [file, server] = [await migratedDatabaseOn('sqlite'), await newDatabaseOn('postgres')];
  });
  afterEach(async () => {
    await service?.close();
    await moved?.close();
    [service, moved] = [undefined, undefined];
    await file.drop();
    await server.drop();
  });

  type OnFile = DatabaseConfig & { engine: 'sqlite' };
  type OnServer = DatabaseConfig & { engine: 'postgres' };
  const moveIt = () => moveAll(file.config as OnFile, server.config as OnServer, entitiesFor);
  const environment = () => ({ DATABASE_URL: file.url, MOVE_TO: server.url });
  /** Runs the command in this process. */
  const moveHere = (parameters: string[], settings: Record<string, string> = environment()) =>
    runHere((screen) => move(parameters, screen, entitiesFor), settings);
  const put = (id: string, name = id) => service!.api.put(`/items/${id}`, { name });
  const silent = { stdout: { write: () => {} }, stderr: { write: () => {} } };
  const unavailable = [503, 'storage-unavailable'] as const;

  it(`[P73] 503 to changes from then on, and none that was answered is lost (TEST_SEED=${SEED})`, async () => {
    const eventful = await startEventful(file, SEED);
    service = eventful.service;
    const acknowledged: string[] = [];
    let isMoved = false;
    let lateWrites = 0;
    const write = async (writer: number) => {
      for (let n = 0; ; n += 1) {
        const answer = await put(`w${writer}-${n}`);
        if (answer.status !== 201 || lateWrites > 50) return answer;
        if (isMoved) lateWrites += 1;
        acknowledged.push(`w${writer}-${n}`);
      }
    };
    const writing = Promise.all([0, 1, 2].map(write));
    while (acknowledged.length < 20) await delay(1);
    expect(await moveIt()).toMatchObject({ rows: { items: expect.any(Number) } });
    isMoved = true;
    for (const answer of await writing) answer.expect(...unavailable);
    expect(await storedRowsOf(server.config)).toEqual(await storedRowsOf(file.config));
    (await put('late')).expect(...unavailable);
    (await service.api.delete('/items/back')).expect(...unavailable);
    const [same] = acknowledged;
    (await put(same!)).expect(...unavailable);
    (await service.api.patch(`/items/${same}`, { name: same })).expect(...unavailable);
    (await service.api.post('/items', { id: same, name: same })).expect(...unavailable);
    const operations = [{ method: 'PUT', id: same, body: { name: same } }];
    const { results } = (await service.api.post('/batch', { atomic: false, operations })).expect(207).json;
    expect(results).toMatchObject([{ status: 503, body: { code: 'storage-unavailable' } }]);
    (await service.api.post('/batch', { atomic: true, operations })).expect(...unavailable);
    (await service.api.get('/items/back')).expect(200);
    expect((await service.api.get('/health/ready')).status).toBe(503);
    moved = await startTestApp({ database: server.config, historyRetentionDays: 30, idempotencyTtlHours: 48 });
    moved.clock.now = service.clock.now;
    for (const id of acknowledged) (await moved.api.get(`/items/${id}`)).expect(200);
    const answers = await Promise.all([moved, service].map((one) => shownBy(one, eventful.positions[0]!)));
    expect(answers[0]).toEqual(answers[1]);
    (await moved.api.put('/items/back', { name: 'goes on' })).expect(200);
    const keys = await runHere((screen) => manageKeys(['list'], screen, entitiesFor), environment());
    expect([keys.exitCode, keys.stderr]).toEqual([69, expect.stringMatching(/was moved to PostgreSQL/)]);
  });

  it('[P74] 503 to changes while it runs and 200 to reads; a move that is killed leaves both as they were', async () => {
    service = await startTestApp({ database: impatientConfigOf(file.url) });
    (await put('a')).expect(201);
    await migrate(server);
    const empty = await storedRowsOf(server.config);
    const holding = await connectDirectly(server.config);
    await holding.query('BEGIN');
    await holding.query('LOCK TABLE item_versions IN ACCESS EXCLUSIVE MODE');
    const moving = spawn(process.execPath, [fileOf('move')], { env: environment(), stdio: 'ignore' });
    const ended = once(moving, 'exit');
    const isWaiting = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'item_versions'::regclass`;
    while ((await queryDirectly(server.config, isWaiting)).length === 0) await delay(10);
    (await put('a', 'b')).expect(...unavailable);
    (await service.api.get('/items/a')).expect(200);
    moving.kill('SIGKILL');
    await ended;
    await holding.query('ROLLBACK');
    await holding.close();
    (await put('a', 'c')).expect(200);
    expect(await storedRowsOf(server.config)).toEqual(empty);
    expect(await moveIt()).toMatchObject({ rows: { items: 1 } });
  });

  it('refuses a database that is not empty, and the file goes on taking changes', async () => {
    moved = await startTestApp({ database: server.config });
    (await moved.api.put('/items/there', { name: 'x' })).expect(201);
    const before = await storedRowsOf(server.config);
    service = await startTestApp({ database: file.config });
    (await put('a')).expect(201);
    await expect(moveIt()).rejects.toThrow(/is not empty/);
    expect(await storedRowsOf(server.config)).toEqual(before);
    (await put('a', 'b')).expect(200);
  });

  /** As if a move was killed between its two commits. */
  const closeFor = async (target: MoveTarget) =>
    withHeldFile(file.config as OnFile, entitiesFor('sqlite'), (held) =>
      held.close({ ...target, place: 'there', move: randomUUID() }),
    );
  const targetIn = async (database: TestDatabase) => {
    const [row] = await queryDirectly(
      database.config,
      `SELECT system_identifier::text AS server, (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS database
       FROM pg_control_system()`,
    );
    return row as unknown as MoveTarget;
  };

  it('can be run again however it ended, and be cancelled while nothing was moved', async () => {
    service = await startTestApp({ database: file.config });
    (await put('a')).expect(201);
    await makeIndexes(file.config, ['thread'], silent);
    const other = await newDatabaseOn('postgres');
    try {
      await closeFor(await targetIn(server));
      (await put('a', 'b')).expect(...unavailable);
      const wrong = await moveHere(['--cancel'], { ...environment(), MOVE_TO: other.url });
      expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringMatching(/was moved to another database/)]);
      expect(await moveHere(['--cancel'], environment())).toMatchObject({ exitCode: 0 });
      (await put('a', 'b')).expect(200);
      const first = await runBuilt('move', [], environment());
      expect(first.stderr).toMatch(/has 1 items.* 2 versions.* takes no more changes/);
      const again = await moveHere([], environment());
      expect([first, again].map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual([
        [0, ''],
        [0, ''],
      ]);
      expect(again.stderr).toMatch(/has all of it already\./);
      expect(first.stderr + again.stderr).not.toContain(PASSWORD);
      const refused = await moveHere(['--cancel']);
      expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringMatching(/has what was moved/)]);
      (await put('a', 'c')).expect(...unavailable);
      const elsewhere = await moveHere([], { ...environment(), MOVE_TO: other.url });
      expect([elsewhere.exitCode, elsewhere.stderr]).toEqual([
        1,
        expect.stringMatching(/was moved to another database/),
      ]);
      expect(await queryDirectly(other.config, `SELECT 1 FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
      // Its indexes are made outside of the transaction, so a move that was killed may lack them.
      const indexes = `SELECT indexname FROM pg_indexes WHERE indexname LIKE 'items_attribute_%'`;
      const made = await queryDirectly(server.config, indexes);
      expect(made).toHaveLength(2);
      for (const { indexname } of made) await queryDirectly(server.config, `DROP INDEX "${String(indexname)}"`);
      moved = await startTestApp({ database: server.config });
      (await moved.api.put('/items/a', { name: 'goes on' })).expect(200);
      const later = await moveHere([], environment());
      expect([later.exitCode, later.stderr]).toEqual([
        0,
        expect.stringMatching(/was changed since it was moved there/),
      ]);
      expect(await queryDirectly(server.config, indexes)).toEqual(made);
      expect((await moved.api.get('/items/a')).expect(200).json.name).toBe('goes on');
    } finally {
      await other.drop();
    }
  });

  it('goes on in another database only once the one that it was moved to is dropped, or holds rows of others', async () => {
    service = await startTestApp({ database: file.config });
    (await put('a')).expect(201);
    const there = await targetIn(server);
    // PostgreSQL never gives a database this number.
    const dropped = { ...there, database: '9' };
    moved = await startTestApp({ database: server.config });
    (await moved.api.put('/items/there', { name: 'x' })).expect(201);
    await closeFor(there);
    await expect(moveIt()).rejects.toThrow(/are not those of the file: its move to this database was not carried out/);
    await closeFor({ ...dropped, server: '1' });
    await expect(moveIt()).rejects.toThrow(/was moved to another database, there\. It may have changes since/);
    const fresh = await newDatabaseOn('postgres');
    try {
      await closeFor(dropped);
      const into = (to: TestDatabase) => moveAll(file.config as OnFile, to.config as OnServer, entitiesFor);
      expect(await into(fresh)).toMatchObject({ rows: { items: 1 } });
      expect(await into(fresh)).toBe('moved before');
      (await put('a', 'b')).expect(...unavailable);
    } finally {
      await fresh.drop();
    }
  });

  it.each([
    ['SELECT pg_advisory_xact_lock(4937001)', /another process that fills or migrates/],
    ['LOCK TABLE items IN ACCESS EXCLUSIVE MODE', /whoever has the table items/],
  ])('waits for a while, says for what, and then leaves both as they were: %s', async (lock, whom) => {
    service = await startTestApp({ database: file.config });
    (await put('a')).expect(201);
    await migrate(server);
    const holding = await connectDirectly(server.config);
    await holding.query('BEGIN');
    await holding.query(lock);
    const told: string[] = [];
    const patience = { waitMs: 300, tell: (text: string) => void told.push(text) };
    const moving = moveAll(file.config as OnFile, server.config as OnServer, entitiesFor, patience);
    const error = (await moving.catch((one: unknown) => one)) as Error;
    await holding.query('ROLLBACK');
    await holding.close();
    expect([error.message, ...told]).toEqual([expect.stringMatching(whom), expect.stringMatching(whom)]);
    (await put('a', 'b')).expect(200);
  });

  it('exits with 78 without MOVE_TO, and with 1 if DATABASE_URL is no file', async () => {
    const codes = [
      await moveHere([], { DATABASE_URL: file.url }),
      await moveHere([], { DATABASE_URL: file.url, MOVE_TO: file.url }),
      await moveHere([], { DATABASE_URL: server.url, MOVE_TO: server.url }),
    ];
    expect(codes.map(({ exitCode }) => exitCode)).toEqual([78, 78, 1]);
  });
});
