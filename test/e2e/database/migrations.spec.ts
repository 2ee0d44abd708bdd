import { getDataSourceToken } from '@nestjs/typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/database/data-source-options.js';
import { faultKindOf } from '../../../src/database/faults/database-fault.js';
import { Database } from '../../../src/database/database.js';
import { WRITER } from '../../../src/database/database.module.js';
import { AddRevision1764000000003 } from '../../../src/database/migrations/1764000000003-add-revision.js';
import { AddTags1764000000005 } from '../../../src/database/migrations/1764000000005-add-tags.js';
import { MIGRATIONS } from '../../../src/database/migrations/index.js';
import { SCHEMA_NUMBER } from '../../../src/database/migrations/schema.js';
import { entitiesFor } from '../../../src/entities.js';
import { TutorialItems } from '../../../src/items/tutorial-items.js';
import { createLogger } from '../../../src/telemetry/logger.js';
import type { Answer } from '../../support/answer.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { DURABLE, durabilityOf } from '../../support/database/durability.js';
import {
  engine,
  migratedDatabase,
  newDatabase,
  NEW_DATABASE_ITEMS,
  type TestDatabase,
} from '../../support/database/engine.js';
import { tagOfVersion } from '../../support/entity-tags.js';
import { beginMigration, holdMigrations, refuseName } from '../../support/database/faults.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { migratedDownTo } from '../../support/database/older-release.js';
import { readinessNow } from '../../support/readiness.js';
import { listenOnly, startTestApp, type TestApp } from '../../support/test-app.js';
import { NameCallers1764000000007 } from '../../../src/database/migrations/1764000000007-name-callers.js';
import { by, nameCaller } from '../../support/named-callers.js';

const AS_JSON_PATCH = { headers: { 'content-type': 'application/json-patch+json' } };

describe('migrations', () => {
  let database: TestDatabase;
  let source: DataSource;
  beforeAll(async () => {
    database = await newDatabase();
    source = await new DataSource(dataSourceOptions(database.config, 'migrator', entitiesFor(engine))).initialize();
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  it('make exactly the schema of the entities', async () => {
    await source.runMigrations();
    expect(await differencesIn(source)).toEqual([]);
  });

  it('go up, down and up again', async () => {
    await source.runMigrations();
    const tables = await tablesOf(source);
    expect(tables).toEqual(['api_keys', 'item_versions', 'items', 'migrations']);
    for (const _ of MIGRATIONS) await source.undoLastMigration();
    expect(await tablesOf(source)).toEqual(['migrations']);
    expect(await source.runMigrations()).toHaveLength(MIGRATIONS.length);
    expect(await tablesOf(source)).toEqual(tables);
  });
});

describe('a database from a release without revisions', () => {
  let database: TestDatabase;
  let service: TestApp;
  const query = (statement: string) => queryDirectly(database.config, statement);
  const start = async () => {
    service = await startTestApp({ database: database.config });
  };
  const under = (key: string) => ({ headers: { 'idempotency-key': key } });
  const post = (id: string) => service.api.post('/items', { id, name: 'first' }, under(id));

  beforeAll(async () => {
    database = await migratedDatabase();
    await start();
    for (const id of ['known', 'moved-on', 'unknown', 'unknown-2', 'gone', 'bare']) (await post(id)).expect(201);
    (await service.api.put('/items/moved-on', { name: 'second' })).expect(200);
    (await service.api.delete('/items/gone')).expect(204);
    await refuseName(service, 'poison');
    await service.close();
    await migratedDownTo(AddRevision1764000000003, database);
    await query('CREATE INDEX operators_index ON items (name)');
    await query('CREATE VIEW operators_view AS SELECT id, name FROM items');
    await query(`UPDATE item_versions SET command_id = 'aaaaaaaa-' || item_id WHERE item_id IN ('known', 'gone')`);
    await query(
      `UPDATE item_versions SET command_id = 'bbbbbbbb-' || item_id WHERE item_id = 'moved-on' AND version = 1`,
    );
    await query(`UPDATE item_versions SET command_id = NULL WHERE item_id LIKE 'unknown%'`);
    await query(`DELETE FROM item_versions WHERE item_id = 'bare'`);
    await start();
  });
  afterAll(async () => {
    await service.close();
    await database.drop();
  });

  it('[D4] has tags of the known commands, and made-up tags for all other items', async () => {
    expect(await service.api.entityTagOf('/items/known')).toBe('"1-aaaaaaaa"');
    const made = await Promise.all(
      ['unknown', 'unknown-2', 'bare'].map((id) => service.api.entityTagOf(`/items/${id}`)),
    );
    for (const tag of made) expect(tag).toMatch(tagOfVersion(1));
    expect(new Set(made).size).toBe(made.length);
    expect(await query(`SELECT version, revision FROM items WHERE id = 'gone'`)).toEqual([
      { version: 2, revision: 'aaaaaaaa' },
    ]);
    (await service.api.put('/items/gone', { name: 'again' })).expect(201);
    expect(await service.api.entityTagOf('/items/gone')).toMatch(tagOfVersion(3));
  });

  it('[M2] repeats the first answers under their keys, with their old tags', async () => {
    for (const id of ['known', 'unknown']) {
      const again = (await post(id)).expect(201).headers;
      expect(again).toMatchObject({
        'idempotency-replayed': 'true',
        etag: await service.api.entityTagOf(`/items/${id}`),
      });
    }
    expect((await post('moved-on')).expect(201).headers.etag).toBe('"1-bbbbbbbb"');
  });

  it('takes no item without a revision, such as an older program would write', async () => {
    const write = (id: string) =>
      query(`INSERT INTO items (id, name, attributes, version, created_at, updated_at)
             VALUES ('${id}', 'older', '{}', 9, 'then', 'then')
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = excluded.version`);
    for (const id of ['known', 'never-used']) {
      const error: unknown = await write(id).catch((reason: unknown) => reason);
      expect(faultKindOf(error)).toBe('refused');
    }
    expect((await service.api.get('/items/known')).expect(200).json).toMatchObject({ name: 'first', version: 1 });
    (await service.api.get('/items/never-used')).expect(404, 'item-not-found');
  });

  it('keeps what an operator has added to its table', async () => {
    await query('DROP INDEX operators_index');
    expect(await query(`SELECT name FROM operators_view WHERE id = 'known'`)).toEqual([{ name: 'first' }]);
    (await service.api.post('/items', { id: 'poison', name: 'poison' })).expect(500, 'unexpected');
  });
});

describe('a database from before items had tags', () => {
  let database: TestDatabase;
  let service: TestApp;
  const query = (statement: string) => queryDirectly(database.config, statement);
  const post = async () => {
    const headers = { 'idempotency-key': 'old' };
    return (await service.api.post('/items', { id: 'old', name: 'first' }, { headers })).expect(201);
  };
  let created: Answer;

  beforeAll(async () => {
    database = await migratedDatabase();
    service = await startTestApp({ database: database.config });
    created = await post();
    await service.close();
    await migratedDownTo(AddTags1764000000005, database);
    const [version] = await query('SELECT snapshot FROM item_versions');
    const { tags: _, ...snapshot } = parsed(version?.snapshot);
    await query(`UPDATE item_versions SET snapshot = '${JSON.stringify(snapshot)}'`);
    service = await startTestApp({ database: database.config });
  });
  afterAll(async () => {
    await service.close();
    await database.drop();
  });

  it('[D4] has items without tags, under the entity-tags that they had', async () => {
    const item = (await service.api.get('/items/old')).expect(200);
    expect(item.text).toBe(created.text);
    expect(item.json.tags).toEqual([]);
    expect(item.headers.etag).toBe(created.headers.etag);
    expect((await service.api.get('/items')).expect(200).json.items).toEqual([created.json]);
  });

  it('[M2] repeats an answer from a version without tags as one that has none', async () => {
    expect((await post()).text).toBe(created.text);
  });

  it('does not let older releases write, which would leave the tags of another version', async () => {
    expect(await query(`SELECT 1 FROM schema_compatibility WHERE migration LIKE 'AddTags%'`)).toEqual([]);
  });

  it('takes tags', async () => {
    (await service.api.patch('/items/old', [{ op: 'add', path: '/tags/-', value: 'new' }], AS_JSON_PATCH)).expect(200);
    expect((await service.api.get('/items/old')).expect(200).json.tags).toEqual(['new']);
  });
});

describe('a database from before callers had names', () => {
  const LONG = `key:${'x'.repeat(125)}`;
  let database: TestDatabase;
  let service: TestApp;
  let callersBefore: unknown[];
  const query = (statement: string) => queryDirectly(database.config, statement);
  const start = async () => {
    service = await startTestApp({ database: database.config }, nameCaller);
  };
  const put = (caller?: string) => {
    const headers = { ...by(caller), 'idempotency-key': 'old' };
    return service.api.put('/items/old', { name: 'first' }, { headers });
  };
  const callers = async () => {
    return (await query('SELECT caller FROM idempotency_keys ORDER BY caller')).map(({ caller }) => caller);
  };
  const actors = async () => (await query('SELECT actor FROM item_versions ORDER BY seq')).map(({ actor }) => actor);

  beforeAll(async () => {
    database = await migratedDatabase();
    await start();
    (await put()).expect(201);
    await service.close();
    await migratedDownTo(NameCallers1764000000007, database);
    callersBefore = await callers();
    await query('CREATE INDEX operators_index ON idempotency_keys (item_id)');
    await start();
  });
  afterAll(async () => {
    await service.close();
    await database.drop();
  });

  it('[M10] has versions of nobody, and gives its keys to those without a credential', async () => {
    expect(await actors()).toEqual([null]);
    expect([callersBefore, await callers()]).toEqual([[''], ['anonymous']]);
    expect((await put()).expect(201).headers['idempotency-replayed']).toBe('true');
  });

  it('[M10] gives its keys to no other caller', async () => {
    for (const caller of ['key:a', LONG]) {
      expect((await put(caller)).expect(200).headers['idempotency-replayed']).toBeUndefined();
    }
    (await service.api.put('/items/old', { name: 'second' }, { headers: by('key:a') })).expect(200);
    expect(await actors()).toEqual([null, 'key:a']);
  });

  it('keeps the primary key and the indexes of its keys, also one of an operator', async () => {
    await expect(query('INSERT INTO idempotency_keys SELECT * FROM idempotency_keys')).rejects.toThrow(/unique/i);
    await query('DROP INDEX operators_index');
    expect(await differencesFromEntities(database)).toEqual([]);
  });

  it('goes down and up again with the keys of all callers whose names fit', async () => {
    await service.close();
    await migratedDownTo(NameCallers1764000000007, database);
    expect(await callers()).toEqual(['', 'key:a']);
    await start();
    expect(await callers()).toEqual(['anonymous', 'key:a']);
    expect(await actors()).toEqual([null, null]);
    for (const [caller, status] of [
      [undefined, 201],
      ['key:a', 200],
    ] as const) {
      expect((await put(caller)).expect(status).headers['idempotency-replayed']).toBe('true');
    }
  });

  it('does not let older releases write, which would not say who made a version', async () => {
    expect(await query(`SELECT 1 FROM schema_compatibility WHERE migration LIKE 'NameCallers%'`)).toEqual([]);
  });
});

describe('the schema of a newer release', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
  });
  afterAll(() => service.close());

  const query = (statement: string) => queryDirectly(service.config.database, statement);
  const NEWER = 'AddSomething9764000000000';
  const migrate = () => query(`INSERT INTO migrations (timestamp, name) VALUES (9764000000000, '${NEWER}')`);
  const declare = (oldest: number) => query(`INSERT INTO schema_compatibility VALUES ('${NEWER}', ${oldest})`);
  const undo = async () => {
    await query(`DELETE FROM migrations WHERE name = '${NEWER}'`);
    await query('DELETE FROM schema_compatibility');
  };
  const start = async () => {
    const other = new Database(service.config.database, entitiesFor(engine), createLogger('silent'));
    await other.open(() => Promise.resolve());
    await Promise.all([other.writer, other.reader].map((one) => one.destroy()));
  };
  afterEach(undo);

  it('stops the start, unless it says that this release may run on it', async () => {
    await migrate();
    await expect(start()).rejects.toThrow(/newer release of Items \(AddSomething9764000000000\)/);
    await declare(SCHEMA_NUMBER + 1);
    await expect(start()).rejects.toThrow(/newer release/);
    await query('DELETE FROM schema_compatibility');
    await declare(SCHEMA_NUMBER);
    await start();
  });

  it('[P18] 503 to every change of a service that still runs, which is not made, and to readiness; reads still work', async () => {
    await migrate();
    const write = (call: Promise<Answer>) => call.then((answer) => answer.expect(503, 'storage-unavailable'));
    await write(service.api.put('/items/kept', { name: 'never' }));
    await write(service.api.post('/items', { id: 'new', name: 'never' }, { headers: { 'idempotency-key': 'k' } }));
    await write(service.api.delete('/items/kept'));
    await write(readinessNow(service));
    expect((await service.api.get('/items/kept')).expect(200).json.name).toBe('Kept');
    expect(await query('SELECT id, version FROM items')).toEqual([{ id: 'kept', version: 1 }]);
    expect(await query('SELECT item_id FROM item_versions')).toHaveLength(1);
    expect(await query('SELECT 1 FROM idempotency_keys')).toEqual([]);

    await declare(SCHEMA_NUMBER);
    expect((await readinessNow(service)).expect(200).json.schema).toBe('newer');
    (await service.api.put('/items/compatible', { name: 'x' })).expect(201);
  });

  it('[P18] 503 to a change that waits while the newer release migrates', async () => {
    const migrating = await beginMigration(service.config.database);
    const change = service.api.put('/items/late', { name: 'never' });
    await migrating.waitForService();
    await migrating.query(`INSERT INTO migrations (timestamp, name) VALUES (9764000000000, '${NEWER}')`);
    await migrating.commit();
    (await change).expect(503, 'storage-unavailable');
    (await service.api.get('/items/late')).expect(404, 'item-not-found');
  });
});

describe('the log of a start', () => {
  it('has one line for a new file and one for each migration, and none if there is nothing to do', async () => {
    const first = await listenOnly();
    await first.makeReady();
    const told = ({ log }: TestApp) => log.flatMap(({ migration }) => (migration === undefined ? [] : [migration]));
    expect(told(first)).toEqual(MIGRATIONS.map(({ name }) => name));
    expect(first.log.filter(({ migration }) => migration)).toEqual(
      MIGRATIONS.map(() => expect.objectContaining({ level: 'info', durationMs: expect.any(Number) })),
    );
    const second = await listenOnly({ database: first.config.database });
    await second.makeReady();
    expect(told(second)).toEqual([]);
    await second.close();
    await first.close();
  });
});

describe('services that start at the same time on a new database', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await newDatabase();
  });
  afterEach(async () => {
    await killServices();
    await database.drop();
  });
  const migrated = () => queryDirectly(database.config, 'SELECT name FROM migrations');

  it('migrate it once', async () => {
    // Not more: each waits for the lock in one of the process's four threads, and the one that holds it needs a thread too.
    const databases = [1, 2, 3, 4].map(
      () => new Database(database.config, entitiesFor(engine), createLogger('silent')),
    );
    await Promise.all(databases.map((one) => one.open(() => Promise.resolve())));
    await Promise.all(databases.flatMap(({ writer, reader }) => [writer.destroy(), reader.destroy()]));
    expect(await migrated()).toHaveLength(MIGRATIONS.length);
  });

  it('migrate it once, and have the tutorial items once, if two processes wait for the lock of a third', async () => {
    const held = await holdMigrations(database.config);
    const starting = [1, 2].map(() => ServiceProcess.start({ environment: { DATABASE_URL: database.url } }));
    await held.waitFor(2);
    await held.release();
    for (const service of await Promise.all(starting)) {
      (await service.caller().get('/health/ready')).expect(200);
      const { items } = (await service.caller().get('/items')).expect(200).json;
      expect(items).toHaveLength(NEW_DATABASE_ITEMS.length);
    }
    expect(await migrated()).toHaveLength(MIGRATIONS.length);
  });
});

describe('services that find no items at the same time', () => {
  let database: TestDatabase;
  const services: TestApp[] = [];
  beforeAll(async () => {
    database = await migratedDatabase();
    for (let n = 0; n < 2; n += 1) services.push(await startTestApp({ database: database.config }));
  });
  afterAll(async () => {
    for (const service of services) await service.close();
    await database.drop();
  });

  it('put the tutorial items in once', async () => {
    for (const { config } of services) config.seed = true;
    await Promise.all(services.map(({ app }) => app.get(TutorialItems).plant()));
    for (const { api } of services) {
      expect((await api.get('/items')).expect(200).json.items).toHaveLength(NEW_DATABASE_ITEMS.length);
    }
  });
});

describe('the schema', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());
  const query = (statement: string) => queryDirectly(service.config.database, statement);

  it('allows each version of an item once', async () => {
    const insert = `INSERT INTO item_versions (item_id, version, operation, request_id, at)
                    VALUES ('twice', 1, 'create', 'r', '2026-01-02T03:04:05.678Z')`;
    await query(insert);
    await expect(query(insert)).rejects.toThrow(/unique/i);
  });

  it('sorts ids and names by code point', async () => {
    const sorted = ['10', '9', 'B', 'a', 'a-b', 'a.b', 'ab', 'b'];
    for (const id of sorted.toReversed()) (await service.api.post('/items', { id, name: id })).expect(201);
    const listed = (await service.api.get('/items')).expect(200).json.items as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(sorted.toSorted());
    const names = await query('SELECT name FROM items ORDER BY name');
    expect(names.map(({ name }) => name)).toEqual(sorted.toSorted());
  });

  it('is written durably by the writer, and not at all by the reader', async () => {
    expect(await durabilityOf(service.app.get<DataSource>(getDataSourceToken(WRITER)))).toEqual(DURABLE);
    const reader = service.app.get<DataSource>(getDataSourceToken());
    await expect(reader.query(`DELETE FROM item_versions`)).rejects.toThrow(/read-?only/i);
  });
});

/** JSON of a column: SQLite gives it as text. */
function parsed(json: unknown): Record<string, unknown> {
  return (typeof json === 'string' ? JSON.parse(json) : json) as Record<string, unknown>;
}

/** The statements that would give a database the schema of the entities. */
async function differencesFromEntities({ config }: TestDatabase): Promise<string[]> {
  const source = await new DataSource(dataSourceOptions(config, 'migrator', entitiesFor(engine))).initialize();
  const differences = await differencesIn(source);
  await source.destroy();
  return differences;
}

async function differencesIn(source: DataSource): Promise<string[]> {
  const { upQueries, downQueries } = await source.driver.createSchemaBuilder().log();
  return [...upQueries, ...downQueries].map(({ query }) => query);
}

/** Reverts the migration and all later ones. */
async function tablesOf(source: DataSource): Promise<string[]> {
  const runner = source.createQueryRunner();
  const tables = await runner.getTables(['api_keys', 'item_versions', 'items', 'migrations']);
  await runner.release();
  return tables.map(({ name }) => name.replace(/^.*\./, '')).toSorted();
}
