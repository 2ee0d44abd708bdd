import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KNOWN_TABLES } from '../../../src/backup/file/known-tables.js';
import { openBackup } from '../../../src/backup/file/open-backup.js';
import { storedMember } from '../../../src/backup/file/stored-member.js';
import { LEFT_OUT } from '../../../src/backup/rows/carried-tables.js';
import { SCHEMA_NUMBER } from '../../../src/database/migrations/schema.js';
import { AddTags1764000000005 } from '../../../src/database/migrations/1764000000005-add-tags.js';
import { backUpInto, makeBackupFolder, restoreFrom, type BackupFolder } from '../../support/backups/backups.js';
import { storedRowsOf } from '../../support/backups/rows.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import {
  describeOnFile,
  engine,
  migratedDatabase,
  newDatabase,
  type TestDatabase,
} from '../../support/database/engine.js';
import { migratedDownTo } from '../../support/database/older-release.js';
import { remainsOf } from '../../support/database/untouched.js';
import { picker } from '../../support/filters/nasty-items.js';
import { SEED, seededRandom } from '../../support/random.js';
import { startTestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

const RANDOM_BYTES = sized(60, 1_000);
const RANDOM_CUTS = sized(30, 400);

let folder: BackupFolder;
let original: TestDatabase;
let empty: TestDatabase;
let whole: Buffer;
beforeAll(async () => {
  folder = await makeBackupFolder();
  original = await migratedDatabase();
  const service = await startTestApp({ database: original.config });
  for (const id of ['a', 'b']) (await service.api.put(`/items/${id}`, { name: id })).expect(201);
  (await service.api.put('/items/a', { name: 'b' }, { headers: { 'idempotency-key': 'k' } })).expect(200);
  await service.close();
  await backUpInto(folder.path('whole'), original.config);
  whole = await readFile(folder.path('whole'));
  empty = await newDatabase();
});
afterAll(async () => {
  await empty?.drop();
  await original?.drop();
  await folder?.remove();
});

/** The lines of a backup: header, rows, trailer. */
const linesOf = (bytes: Buffer) => gunzipSync(bytes).toString().trimEnd().split('\n');

/** A backup with these lines, whose trailer fits. */
function packed(header: object, rows: string[], more: object = {}): Buffer {
  const start = Buffer.concat([
    storedMember(`${JSON.stringify(header)}\n`),
    gzipSync(rows.map((row) => `${row}\n`).join('')),
  ]);
  const file = createHash('sha256').update(start).digest('hex');
  const content = createHash('sha256')
    .update(rows.map((row) => `${row}\n`).join(''))
    .digest('hex');
  const trailer = JSON.stringify({ rows: {}, content, file, ...more }).padEnd(1_023);
  return Buffer.concat([start, storedMember(`${trailer}\n`)]);
}

async function given(bytes: Buffer | string): Promise<string> {
  await writeFile(folder.path('given'), bytes);
  return folder.path('given');
}

// The file is read before there is a database.
describeOnFile('a backup that is damaged or not whole', () => {
  it('is known with a byte changed', async () => {
    const { below } = picker(seededRandom(SEED));
    const passed: number[] = [];
    const frames = [...Array(40).keys()].flatMap((at) => [at, whole.length - 1 - at]);
    for (const at of new Set([...frames, ...Array.from({ length: RANDOM_BYTES }, () => below(whole.length))])) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 1 << below(8);
      const path = await given(bytes);
      const opened = await openBackup(path).catch(refused);
      if (opened) passed.push(at);
      await opened?.close();
    }
    expect({ passed, seed: SEED }).toEqual({ passed: [], seed: SEED });
  });

  it('is known when it is cut, or something is behind it', async () => {
    const { below } = picker(seededRandom(SEED));
    const lengths = [0, 1, 15, whole.length - 1, ...Array.from({ length: RANDOM_CUTS }, () => below(whole.length))];
    const reason = /damaged|no backup/;
    for (const length of lengths)
      await expect(openBackup(await given(whole.subarray(0, length)))).rejects.toThrow(reason);
    await expect(openBackup(await given(Buffer.concat([whole, whole])))).rejects.toThrow(/damaged or not whole/);
  });
});

describe('a backup that is damaged, not whole, newer or none', () => {
  it.each([
    ['of another kind', 'hello', /no backup of Items/],
    ['an SQLite database', 'SQLite format 3\0 and so on', /is an SQLite database/],
    ['of a later form', () => packed({ format: 'items-backup', version: 2, what: 'ever' }, []), /newer release/],
    ['of a later schema', () => packed({ ...header(), schema: SCHEMA_NUMBER + 1 }, rows()), /newer release/],
    ['with other rows', () => packed(header(), rows().slice(1)), /damaged/],
    ['with a row too few values', () => packed(header(), rows().map(shorter)), /damaged/],
    ['with another digest', () => packed(header(), rows(), { content: '' }), /damaged/],
    ['with a table of another project', () => packed(withTables([...shapes(), other()]), rows()), /other tables than/],
    [
      'with a table of the database',
      () => packed(withTables([...shapes(), other('migrations')]), rows()),
      /other tables/,
    ],
    ['without a table', () => packed(withTables(shapes().slice(1)), rows()), /other tables than/],
    ['with a table twice', () => packed(withTables([shapes()[0], ...shapes().slice(0, -1)]), rows()), /other tables/],
    ['without tables', () => packed(withTables([]), []), /other tables than/],
    ['with a statement for a name', () => packed(named('x"; DROP TABLE items; --'), rows()), /no backup of Items/],
  ])('%s touches nothing', async (_, bytes, reason) => {
    const before = await remainsOf(empty.config);
    await expect(restoreFrom(await given(typeof bytes === 'string' ? bytes : bytes()), empty.config)).rejects.toThrow(
      reason,
    );
    expect(await remainsOf(empty.config)).toEqual(before);
  });

  it('that is not there touches nothing', async () => {
    await expect(restoreFrom(folder.path('none'), empty.config)).rejects.toThrow(/can't be read: ENOENT/);
  });
});

const header = () => JSON.parse(linesOf(whole)[0]!) as { tables: { name: string; columns: { name: string }[] }[] };
const rows = () => linesOf(whole).slice(1, -1);
const named = (name: string) => ({ ...header(), tables: header().tables.map((table) => ({ ...table, name })) });
const shapes = () => header().tables;
const withTables = (tables: unknown[]) => ({ ...header(), tables });
const other = (name = 'invoices') => ({ ...shapes()[0], name });
const shorter = (line: string) =>
  line.startsWith('[') ? JSON.stringify((JSON.parse(line) as unknown[]).slice(1)) : line;
function refused(error: Error): undefined {
  expect(error.message).toMatch(/damaged|no backup|newer/);
}

describe('each table of a database', () => {
  const TABLES =
    engine === 'sqlite'
      ? `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'item_terms_*'`
      : `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`;

  it('is in a backup, or left out for a reason', async () => {
    const tables = (await queryDirectly(original.config, TABLES)).map(({ name }) => String(name));
    const carried = header().tables.map(({ name }) => name);
    expect(tables.filter((name) => !carried.includes(name) && !(name in LEFT_OUT))).toEqual([]);
    expect(carried.filter((name) => !tables.includes(name) || name in LEFT_OUT)).toEqual([]);
    expect(Object.keys(KNOWN_TABLES).sort()).toEqual(carried);
  });
});

it('a database of another project keeps its tables, whatever a file asks for', async () => {
  const shared = await newDatabase();
  try {
    const service = await startTestApp({ database: shared.config });
    await service.close();
    await queryDirectly(shared.config, 'CREATE TABLE invoices (id text)');
    await queryDirectly(shared.config, `INSERT INTO invoices (id) VALUES ('mine')`);
    const asked = await given(packed(withTables([...shapes(), other()]), rows()));
    await expect(restoreFrom(asked, shared.config)).rejects.toThrow(/other tables than a backup/);
    expect(await queryDirectly(shared.config, 'SELECT id FROM invoices')).toEqual([{ id: 'mine' }]);
  } finally {
    await shared.drop();
  }
});

describe('a place that is not empty', () => {
  it('is refused, and stays as it is', async () => {
    const before = await storedRowsOf(original.config);
    await expect(restoreFrom(folder.path('whole'), original.config)).rejects.toThrow(/exists already|is not empty/);
    expect(await storedRowsOf(original.config)).toEqual(before);
  });
});

describe('a backup of an older release', () => {
  it('is restored to its schema, then migrated', async () => {
    const target = await newDatabase();
    try {
      const position = header()
        .tables.find(({ name }) => name === 'idempotency_keys')!
        .columns.findIndex(({ name }) => name === 'position');
      const tables = header().tables.map((table) => ({
        ...table,
        columns: table.columns.filter(({ name }) => name !== 'position'),
        ...(table.name === 'idempotency_keys' && { key: ['caller', 'key'] }),
      }));
      const isRecord = (at: number) =>
        /idempotency_keys/.test(
          rows()
            .slice(0, at)
            .findLast((one) => one.startsWith('{')) ?? '',
        );
      const old = rows().map((row, at) =>
        row.startsWith('[') && isRecord(at)
          ? JSON.stringify((JSON.parse(row) as unknown[]).toSpliced(position, 1))
          : row,
      );
      await restoreFrom(await given(packed({ ...header(), schema: 1_764_000_000_011, tables }, old)), target.config);
      expect(await storedRowsOf(target.config)).toEqual(await storedRowsOf(original.config));
      const service = await startTestApp({ database: target.config });
      (await service.api.get('/items?q=b')).expect(200);
      await service.close();
    } finally {
      await target.drop();
    }
  });

  it('can’t be made by a newer one, which says so', async () => {
    const older = await newDatabase();
    const service = await startTestApp({ database: older.config });
    await service.close();
    await migratedDownTo(AddTags1764000000005, older);
    await expect(backUpInto(folder.path('older'), older.config)).rejects.toThrow(/from an older release/);
    await older.drop();
  });
});
