import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { parseCommand, type KeyCommand } from '../../../src/access/keys/command/key-command.js';
import { carryOut } from '../../../src/access/keys/command/key-commands.js';
import { manageKeys } from '../../../src/access/keys/command/manage-keys.js';
import { IssuedKeys, type KeyRequest } from '../../../src/access/keys/issued-keys.js';
import { isWhole } from '../../../src/access/keys/key-text.js';
import { MOVED } from '../../../src/database/migrations/schema.js';
import { entitiesFor } from '../../../src/entities.js';
import { issueKey, withIssuedKeys, withWriter } from '../../support/access/api-keys.js';
import { runBuilt, runByNpm } from '../../support/built-command.js';
import { runHere } from '../../support/command-here.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import {
  describeOnFile,
  migratedDatabase,
  NEW_DATABASE_ITEMS,
  newDatabase,
  PASSWORD,
  type TestDatabase,
} from '../../support/database/engine.js';
import { storedBytes } from '../../support/database/stored-bytes.js';
import { remainsOf } from '../../support/database/untouched.js';
import { unusableDatabases } from '../../support/database/unusable-databases.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let database: TestDatabase;
/** Those of a test that starts some. */
let running: TestApp[];
beforeEach(async () => {
  database = await migratedDatabase();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.close()));
  await database.drop();
});

async function startBeside(settings: Parameters<typeof startTestApp>[0] = {}): Promise<TestApp> {
  const one = await startTestApp({ database: database.config, ...settings });
  running.push(one);
  return one;
}

const DAY_MS = 24 * 3_600_000;
const BILLING = ['create', '--name', 'billing', '--scopes', 'items:read,items:write'];
const KEY = /^items_([0-9a-z]{10})_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}\n$/;

/** Runs the command in this process. */
const keys = (...parameters: string[]) => keysWith({ DATABASE_URL: database.url }, ...parameters);
const keysWith = (settings: Record<string, string>, ...parameters: string[]) =>
  keysIn(settings, undefined, ...parameters);
const keysIn = (settings: Record<string, string>, envFile: string | undefined, ...parameters: string[]) =>
  runHere((screen) => manageKeys(parameters, screen, entitiesFor), settings, envFile);

const service = (now = new Date()) => ({ config: { database: database.config }, clock: { now } });
/** The rows of all keys. */
const stored = () => withIssuedKeys(service(), (all) => all.list());

/** Makes a key, and returns its text and id. */
async function created(): Promise<{ text: string; id: string }> {
  const { stdout } = await keys(...BILLING, '--quiet');
  return { text: stdout.trim(), id: KEY.exec(stdout)![1]! };
}

describe('on a database that is new', () => {
  beforeEach(async () => {
    await database.drop();
    database = await newDatabase();
  });

  it('create creates the database, makes a key and prints it alone on standard output, and the way to use it beside', async () => {
    const settings = { DATABASE_URL: database.url };
    const { exitCode, stdout, stderr } = await runBuilt('keys', [...BILLING, '--expires', '90d'], settings);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(KEY) });
    expect(isWhole(stdout.trim())).toBe(true);
    expect(stderr).toMatch(
      /Key [0-9a-z]{10} "billing" has the scopes items:read, items:write. It expires at 20\S+Z\.\n/,
    );
    expect(stderr).toMatch(/Authorization: Bearer <key>/);
    expect(stderr).not.toContain(stdout.trim());
    expect(stderr).not.toContain(PASSWORD);
    const [key, ...others] = JSON.parse((await keys('list', '--json')).stdout) as Record<string, string>[];
    const { createdAt } = key!;
    expect(others).toEqual([]);
    expect(key).toEqual({
      id: KEY.exec(stdout)?.[1],
      name: 'billing',
      scopes: ['items:read', 'items:write'],
      createdAt,
      expiresAt: new Date(Date.parse(createdAt!) + 90 * DAY_MS).toISOString(),
      lastUsedAt: null,
      rotatedAt: null,
      oldSecretUntil: null,
      revokedAt: null,
      state: 'active',
    });
    expect(Math.abs(Date.parse(createdAt!) - Date.now())).toBeLessThan(60_000);
  });

  it('create works before the first start and beside a running service; the first start still adds the tutorial items', async () => {
    await created();
    const beside = await startBeside({ auth: 'off', seed: true });
    const { items } = (await beside.api.get('/items')).expect(200).json;
    expect(items).toHaveLength(NEW_DATABASE_ITEMS.length);
    await created();
    (await beside.api.put('/items/a', { name: 'a' })).expect(201);
    expect((await stored()).map(({ name }) => name)).toEqual(['billing', 'billing']);
  });

  it('64 for what it can’t understand: one line, then the usage; no database is made', async () => {
    const before = await remainsOf(database.config);
    const { exitCode, stdout, stderr } = await keys('create', '--name', 'x', '--scopes', 'items:reed');
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    expect(stderr).toMatch(/^--scopes has "items:reed"[^\n]+\n\nUsage: npm run keys -- <command>\n/);
    expect(await remainsOf(database.config)).toEqual(before);
  });
});

describe('create', () => {
  it('--quiet prints the key and nothing else', async () => {
    const quiet = { exitCode: 0, stdout: expect.stringMatching(KEY), stderr: '' };
    expect(await keys(...BILLING, '--quiet')).toEqual(quiet);
  });

  // npm knows no engine.
  describeOnFile('through npm', () => {
    it('--quiet prints the key and nothing else', async () => {
      expect(await runByNpm('keys', [...BILLING, '--quiet'], { DATABASE_URL: database.url })).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(KEY),
      });
    });
  });

  it('keeps nothing of the key from which it could be made again', async () => {
    const beside = await startBeside();
    const first = await created();
    const { stdout } = await keys('rotate', first.id, '--quiet');
    const secrets = [first.text, stdout.trim()].map((text) => text.split('_')[2]!);
    const whileOpen = await storedBytes(database.config);
    await beside.close();
    const afterwards = await storedBytes(database.config);
    for (const bytes of [whileOpen, afterwards]) {
      expect(bytes.includes(first.id)).toBe(true);
      expect(secrets.filter((secret) => bytes.includes(secret))).toEqual([]);
    }
  });

  it('reads .env like the service, and needs no AUTH there', async () => {
    const envFile = `DATABASE_URL=${database.url}\nHOST=0.0.0.0\nAUTH=\nDATABSE_URL=x\n`;
    const { exitCode, stderr } = await keysIn({}, envFile, ...BILLING);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/did you mean DATABASE_URL/);
    expect(await stored()).toHaveLength(1);
  });
});

describe('a schema that became foreign after the command had opened the database', () => {
  it('is found by each change, which is not made', async () => {
    await withIssuedKeys(service(), async (all) => {
      const { id } = await all.create({ name: 'one', scopes: ['items:read'] });
      const before = await all.list();
      await queryDirectly(
        database.config,
        `INSERT INTO migrations (timestamp, name) VALUES (9999999999998, 'Later9999999999998')`,
      );
      await expect(all.revoke(id)).rejects.toThrow(/newer release/);
      await expect(all.rotate(id, true)).rejects.toThrow(/newer release/);
      await expect(all.create({ name: 'two', scopes: ['items:read'] })).rejects.toThrow(/newer release/);
      await queryDirectly(database.config, `UPDATE migrations SET name = '${MOVED}' WHERE timestamp = 9999999999998`);
      await expect(all.revoke(id)).rejects.toThrow(/was moved to PostgreSQL/);
      expect(await all.list()).toEqual(before);
      await queryDirectly(database.config, `DELETE FROM migrations WHERE name = '${MOVED}'`);
      expect(await all.revoke(id)).toBe(true);
    });
  });
});

describe('list', () => {
  it('shows a table with the state of each key, oldest first', async () => {
    const now = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    const shown = (ms: number) => new Date(now.getTime() + ms).toISOString().replace(/T(.{5}).*/, ' $1Z');
    const at = service(now);
    const [ended, revoked, rotated] = await withIssuedKeys(at, async (all) => {
      at.clock.now = new Date(now.getTime() - 3 * DAY_MS);
      const one = await all.create({ name: 'ended', scopes: ['items:read'], lifetimeMs: DAY_MS });
      at.clock.now = new Date(now.getTime() - 2 * DAY_MS);
      const two = await all.create({ name: 'longer name', scopes: ['items:read', 'items:write'] });
      await all.rotate(two.id, false);
      await all.revoke(two.id);
      at.clock.now = now;
      const three = await all.create({ name: 'new', scopes: ['items:read'], lifetimeMs: DAY_MS });
      await all.rotate(three.id, false);
      return [one.id, two.id, three.id];
    });
    const { exitCode, stdout, stderr } = await keys('list');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'ID          NAME         SCOPES                  CREATED            EXPIRES            LAST USED  STATE',
      `${ended}  ended        items:read              ${shown(-3 * DAY_MS)}  ${shown(-2 * DAY_MS)}  never      expired`,
      `${revoked}  longer name  items:read,items:write  ${shown(-2 * DAY_MS)}  never              never      revoked`,
      `${rotated}  new          items:read              ${shown(0)}  ${shown(DAY_MS)}  never      active, old secret until ${shown(DAY_MS)}`,
      '',
    ]);
  });

  it('shows no digest and no secret', async () => {
    const { text } = await created();
    const outputs = [await keys('list'), await keys('list', '--json')].map(({ stdout }) => stdout).join();
    expect(outputs).not.toContain(text.split('_')[2]);
    expect(outputs).not.toMatch(/digest|[0-9A-Za-z_-]{43}/i);
  });

  it('says that there are none', async () => {
    expect(await keys('list')).toEqual({ exitCode: 0, stdout: '', stderr: 'There are no keys yet.\n' });
    expect(await keys('list', '--json')).toEqual({ exitCode: 0, stdout: '[]\n', stderr: '' });
  });
});

describe('rotate', () => {
  it('prints a new key under the same id; the old one works for 24 h more', async () => {
    const { id, text } = await created();
    const { exitCode, stdout, stderr } = await keys('rotate', id);
    expect({ exitCode, id: KEY.exec(stdout)?.[1] }).toEqual({ exitCode: 0, id });
    expect(stdout.trim()).not.toBe(text);
    const [key] = await stored();
    expect(Date.parse(key!.previousUntil!) - Date.parse(key!.rotatedAt!)).toBe(DAY_MS);
    expect(stderr).toContain(`The one before works until ${key!.previousUntil}.`);
  });

  it('--now ends the old one, --quiet prints the key alone', async () => {
    const { id } = await created();
    expect(await keys('rotate', id, '--now', '--quiet')).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(KEY),
      stderr: '',
    });
    expect(await stored()).toMatchObject([{ id, previousDigest: null, rotatedAt: expect.any(String) }]);
  });
});

describe('revoke', () => {
  it('ends a key for ever; a second time changes nothing', async () => {
    const { id } = await created();
    expect(await keys('revoke', id)).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: `Key ${id} "billing" is revoked, in 5 seconds at the latest everywhere.\n`,
    });
    const revokedAt = (await stored())[0]?.revokedAt;
    expect(await keys('revoke', id)).toMatchObject({
      exitCode: 0,
      stderr: `Key ${id} "billing" was revoked at ${revokedAt}.\n`,
    });
    expect(await stored()).toMatchObject([{ id, revokedAt }]);
    expect(await keys('rotate', id)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `Key ${id} "billing" was revoked at ${revokedAt}. Create a new one.\n`,
    });
  });
});

describe('what goes wrong', () => {
  it('1 from rotate and revoke for an id that no key has', async () => {
    const refusal = 'There is no key 0123456789. `npm run keys -- list` shows all keys.\n';
    for (const command of ['rotate', 'revoke']) {
      expect(await keys(command, '0123456789')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringMatching(new RegExp(`${refusal}$`)),
      });
    }
  });

  it('1 from rotate for a key that has expired; it can still be revoked', async () => {
    const past = service(new Date('2026-01-02T03:04:05.678Z'));
    const { id } = await issueKey(past, { name: 'ended', lifetimeMs: DAY_MS });
    expect(await keys('rotate', id)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `Key ${id} "ended" expired at 2026-01-03T03:04:05.678Z. Create a new one.\n`,
    });
    expect(await keys('revoke', id)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/"ended" is revoked/),
    });
  });

  it('0 and the usage for --help', async () => {
    const { exitCode, stdout, stderr } = await keys('--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: npm run keys -- <command>\n/);
  });

  it('78 for unusable settings, in one line, and without a password', async () => {
    const environment = { DATABASE_URL: `postgres://items:1/${PASSWORD}@127.0.0.1/items`, PORT: 'x' };
    const { exitCode, stdout, stderr } = await keysWith(environment, ...BILLING);
    expect({ exitCode, stdout }).toEqual({ exitCode: 78, stdout: '' });
    expect(stderr).toMatch(/^The configuration is not usable: .*DATABASE_URL must be [^\n]+\n$/);
    expect(stderr).not.toContain(PASSWORD);
  });

  it('69 for a database that can’t be used, in one line', async () => {
    for (const [n, { url, complaint }] of (await unusableDatabases(database)).entries()) {
      const settings = { DATABASE_URL: url };
      const alone = n === 0;
      const { exitCode, stdout, stderr } = await (alone
        ? runBuilt('keys', BILLING, settings)
        : keysWith(settings, ...BILLING));
      expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: '' });
      expect(stderr).toMatch(/^The database [^\n]+ can't be used: [^\n]+\n$/);
      expect(stderr).toMatch(complaint);
      expect(stderr).not.toContain(PASSWORD);
    }
  });
});

describe('a connection that is lost right after the change', () => {
  /** Loses its connection as soon as a key is made, rotated or revoked. */
  class LosingKeys extends IssuedKeys {
    constructor(private readonly source: DataSource) {
      super(source, () => new Date());
    }
    override create = async (request: KeyRequest) => this.losing(await super.create(request));
    override rotate = async (id: string, isNow: boolean) => this.losing(await super.rotate(id, isNow));
    override revoke = async (id: string) => this.losing(await super.revoke(id));

    private async losing<T>(result: T): Promise<T> {
      await this.source.destroy();
      return result;
    }
  }

  it('loses no secret that counts: what was made is shown all the same', async () => {
    const { id } = await created();
    const commands: [string[], RegExp][] = [
      [BILLING, KEY],
      [['rotate', id], KEY],
      [['rotate', id, '--now'], KEY],
      [['revoke', id], /^$/],
    ];
    for (const [parameters, shown] of commands) {
      const [stdout, stderr] = [
        { text: '', write },
        { text: '', write },
      ];
      await withWriter(service(), (writer) =>
        carryOut(parseCommand(parameters) as KeyCommand, new LosingKeys(writer), { stdout, stderr }),
      );
      expect(stdout.text).toMatch(shown);
      expect(stderr.text).toMatch(/^Key [0-9a-z]{10} "billing" /);
    }
  });
});

function write(this: { text: string }, text: string): void {
  this.text += text;
}
