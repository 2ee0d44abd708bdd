import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attributeIndexesOf } from '../../../src/items/store/indexes/attribute-index.js';
import { manageIndexes } from '../../../src/items/indexes-command/manage-indexes.js';
import { runBuilt, runByNpm } from '../../support/built-command.js';
import { runHere } from '../../support/command-here.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import {
  describeOnFile,
  describeOnServer,
  engine,
  migratedDatabase,
  PASSWORD,
  type TestDatabase,
} from '../../support/database/engine.js';
import { holdIndexes, indexesOf, isMade, makeIndexes } from '../../support/database/indexes.js';
import { unusableDatabases } from '../../support/database/unusable-databases.js';
import { listenOnly, startTestApp, type TestApp } from '../../support/test-app.js';

let database: TestDatabase;
let services: TestApp[];
beforeEach(async () => {
  database = await migratedDatabase();
  services = [];
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.close()));
  await database.drop();
});

const start = async (indexedAttributes: string[][]) => {
  const service = await startTestApp({ database: database.config, indexedAttributes });
  services.push(service);
  return service;
};
const linesOf = ({ log }: TestApp, message: RegExp) => log.filter(({ msg }) => message.test(msg as string));
const made = (service: TestApp) => linesOf(service, /^An index on an attribute was made$/);
const refused = (service: TestApp) => linesOf(service, /can’t be made now/);
const namesOf = (path: string[]) => attributeIndexesOf(path, engine).map(({ name }) => name);

describe('a start with INDEXED_ATTRIBUTES', () => {
  it('makes what is missing, and keeps what another start made', async () => {
    const first = await start([['thread']]);
    await isMade(first, ['thread']);
    const second = await start([['thread'], ['a.b', "it's"]]);
    await isMade(second, ['a.b', "it's"]);
    const [json, number] = namesOf(['thread']);
    const [otherJson, otherNumber] = namesOf(['a.b', "it's"]);
    const found = (await indexesOf(first)).map((index) => [index.name, index.attribute, index.kind, index.state]);
    expect(found.toSorted()).toEqual(
      [
        [json, 'thread', 'json', 'valid'],
        [number, 'thread', 'number', 'valid'],
        [otherJson, `"a.b"."it's"`, 'json', 'valid'],
        [otherNumber, `"a.b"."it's"`, 'number', 'valid'],
      ].toSorted(),
    );
    expect(made(first).map(({ attribute, kind }) => [attribute, kind])).toEqual([
      ['thread', 'json'],
      ['thread', 'number'],
    ]);
    expect(made(second).map(({ attribute }) => attribute)).toEqual([`"a.b"."it's"`, `"a.b"."it's"`]);
  });

  it('of four replicas at once makes each index once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => start([['thread'], ['price']])));
    await isMade(services[0]!, ['price']);
    expect((await indexesOf(services[0]!)).map(({ state }) => state)).toEqual(['valid', 'valid', 'valid', 'valid']);
    for (const service of services) expect(refused(service)).toEqual([]);
    expect(services.flatMap(made).length).toBeGreaterThanOrEqual(4);
  });
});

describeOnServer('while an index is being made on PostgreSQL', () => {
  it('[I58] 200 and 201 as always, also to readiness', async () => {
    const mend = await holdIndexes(database.config);
    const service = await start([['thread']]);
    while ((await indexesOf(service)).length === 0) await delay(5);
    expect((await indexesOf(service))[0]).toMatchObject({ attribute: null, state: 'being made' });
    (await service.api.get('/health/ready')).expect(200);
    (await service.api.post('/items', { id: 'new', name: 'new', attributes: { thread: 'M8' } })).expect(201);
    (await service.api.get('/items/new')).expect(200);
    (await service.api.get('/items?filter=attributes.thread==M8')).expect(200);
    expect(made(service)).toEqual([]);
    await mend();
    await isMade(service, ['thread']);
  });

  it('a stop ends that at once, and the next start makes it again', async () => {
    const mend = await holdIndexes(database.config);
    const stopped = await start([['thread']]);
    while ((await indexesOf(stopped)).length === 0) await delay(5);
    await stopped.close();
    services = [];
    // The server ends the statement a moment after it was asked to.
    while ((await indexesOf(stopped))[0]?.state === 'being made') await delay(5);
    expect(await indexesOf(stopped)).toMatchObject([{ state: 'invalid' }]);
    expect(refused(stopped)).toEqual([]);
    await mend();
    const next = await start([['thread']]);
    await isMade(next, ['thread']);
    expect(made(next)).toHaveLength(2);
    expect(refused(next)).toEqual([]);
  });

  it('a limit of the server for statements does not end it', async () => {
    const service = await startTestApp({ database: database.config });
    services.push(service);
    const limit = `ALTER DATABASE ${new URL(database.url).pathname.slice(1)}`;
    const mend = await holdIndexes(database.config);
    await queryDirectly(database.config, `${limit} SET statement_timeout = '1s'`);
    const done = makeIndexes(service, [['thread']]);
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND now() - query_start > '1200 ms'`;
    while ((await queryDirectly(database.config, waiting)).length === 0) await delay(20);
    await queryDirectly(database.config, `${limit} RESET statement_timeout`);
    await mend();
    await done;
    expect((await indexesOf(service)).map(({ state }) => state)).toEqual(['valid', 'valid']);
  });
});

describeOnFile('while an index is being made on SQLite', () => {
  it('[I59] 503 `starting` until it is made', async () => {
    const service = await listenOnly({ database: database.config, indexedAttributes: [['thread']] });
    services.push(service);
    const mend = await holdIndexes(database.config);
    const ready = service.makeReady();
    (await service.api.get('/items')).expect(503, 'starting');
    (await service.api.get('/health/ready')).expect(503, 'starting');
    (await service.api.get('/health/live')).expect(200);
    await mend();
    await ready;
    (await service.api.get('/items')).expect(200);
    expect(made(service)).toHaveLength(2);
  });
});

describe('npm run indexes', () => {
  const indexesWith = (settings: Record<string, string>, ...parameters: string[]) =>
    runHere((screen) => manageIndexes(parameters, screen), settings);
  const indexes = (...parameters: string[]) => indexesWith({ DATABASE_URL: database.url }, ...parameters);

  it('lists the indexes, and drops one', async () => {
    const service = await start([['thread']]);
    await isMade(service, ['thread']);
    const [json, number] = namesOf(['thread']);
    const size = engine === 'sqlite' ? '-' : String.raw`\d+\.\d`;
    const { exitCode, stdout, stderr } = await runBuilt('indexes', [], { DATABASE_URL: database.url });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^NAME +ATTRIBUTE +KIND +STATE +MB\n/);
    expect(stdout).toMatch(new RegExp(`^${json} +thread +json +valid +${size}\n${number} +thread +number`, 'm'));
    expect(await indexes('drop', json!)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `Index ${json} is dropped. If INDEXED_ATTRIBUTES still names its attribute, the next start makes it again.\n`,
    });
    expect((await indexesOf(service)).map(({ name }) => name)).toEqual([number]);
    (await service.api.post('/items', { id: 'new', name: 'new', attributes: { thread: 'M8' } })).expect(201);
    (await service.api.get('/items?filter=attributes.thread==M8')).expect(200);
  });

  // npm knows no engine.
  describeOnFile('through npm', () => {
    it('lists the indexes', async () => {
      const service = await start([['thread']]);
      await isMade(service, ['thread']);
      const { exitCode, stdout, stderr } = await runByNpm('indexes', [], { DATABASE_URL: database.url });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toBe((await indexes()).stdout);
      expect(stdout).toContain(namesOf(['thread'])[0]);
    });
  });

  it('1 for an index that there is not, and says so if there is none', async () => {
    await start([]);
    const [name] = namesOf(['thread']);
    expect(await indexes('drop', name!)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `There is no index ${name} on an attribute. \`npm run -s indexes\` shows all.\n`,
    });
    expect(await indexes()).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'There are no indexes on attributes. INDEXED_ATTRIBUTES makes them.\n',
    });
  });

  it('64 for what it can’t understand, 0 for --help', async () => {
    const { exitCode, stdout, stderr } = await indexes('drop', 'items_name_id');
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    expect(stderr).toMatch(/^This is not the name of an index[^\n]+\n\nUsage: npm run -s indexes/);
    expect(await indexes('--help')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Usage: npm run -s indexes/),
    });
  });

  it('78 for unusable settings, and without a password', async () => {
    const environment = {
      DATABASE_URL: `postgres://items:1/${PASSWORD}@127.0.0.1/items`,
      INDEXED_ATTRIBUTES: 'a..b,c',
    };
    const { exitCode, stdout, stderr } = await indexesWith(environment);
    expect({ exitCode, stdout }).toEqual({ exitCode: 78, stdout: '' });
    expect(stderr).toMatch(/^The configuration is not usable: .*INDEXED_ATTRIBUTES=a\.\.b,c must be [^\n]+\n$/);
    expect(stderr).not.toContain(PASSWORD);
  });

  it('69 for a database that can’t be used, in one line', async () => {
    for (const [n, { url, complaint }] of (await unusableDatabases(database)).entries()) {
      const settings = { DATABASE_URL: url };
      const isAlone = n === 0;
      const { exitCode, stdout, stderr } = await (isAlone ? runBuilt('indexes', [], settings) : indexesWith(settings));
      expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: '' });
      expect(stderr).toMatch(/^The database [^\n]+ can't be used: [^\n]+\n$/);
      expect(stderr).toMatch(complaint);
      expect(stderr).not.toContain(PASSWORD);
    }
  });
});
