import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { connectDirectly, queryDirectly } from './direct-sql.js';
import { impatientConfigOf, engine, migratedDatabase } from './engine.js';
import type { Mend } from './faults.js';
import { TransactionPooler } from '../postgres/transaction-pooler.js';

/** A database that accepts connections but can't do what the service needs. */
interface UnfitDatabase {
  name: string;
  config: DatabaseConfig;
  /** What the service must say is wrong. */
  complaint: RegExp;
}

/** The ways in which a database can be unfit, on the engine of this run. */
export async function prepareUnfitDatabases(): Promise<{ unfit: UnfitDatabase[]; remove: Mend }> {
  return engine === 'sqlite' ? unfitFiles() : unfitServers();
}

async function unfitFiles(): Promise<{ unfit: UnfitDatabase[]; remove: Mend }> {
  const { config, drop } = await migratedDatabase();
  const folder = dirname((config as { path: string }).path);
  const [utf16, newer] = ['utf16', 'newer'].map((name) => impatientConfigOf(`sqlite:${join(folder, name)}`));
  const other = await connectDirectly(utf16!);
  await other.query(`PRAGMA encoding = 'UTF-16le'`);
  await other.query('CREATE TABLE something (column)');
  await other.close();
  const bytes = await readFile((config as { path: string }).path);
  // The format of a later SQLite, which this one may read but not write (fileformat2.html, section 1.3.3).
  bytes[18] = 3;
  await writeFile((newer as { path: string }).path, bytes);
  return {
    unfit: [
      { name: 'in UTF-16', config: utf16!, complaint: /encoding is UTF-16le/ },
      { name: 'read-only', config: newer!, complaint: /SQLITE_READONLY/ },
    ],
    remove: drop,
  };
}

async function unfitServers(): Promise<{ unfit: UnfitDatabase[]; remove: Mend }> {
  const { config, url, drop } = await migratedDatabase();
  const admin = impatientConfigOf(Object.assign(new URL(url), { pathname: '/postgres' }).href);
  const suffix = randomBytes(4).toString('hex');
  const [latin, ascii] = ['latin', 'ascii'].map((name) => `items_${name}_${suffix}`) as [string, string];
  const [reader, bound] = ['reader', 'bound'].map((name) => `items_${name}_${suffix}`) as [string, string];
  for (const [name, encoding] of [
    [latin, 'LATIN1'],
    [ascii, 'SQL_ASCII'],
  ]) {
    await queryDirectly(
      admin,
      `CREATE DATABASE ${name} ENCODING '${encoding}' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
    );
  }
  for (const role of [reader, bound]) await queryDirectly(admin, `CREATE ROLE ${role} LOGIN`);
  await queryDirectly(admin, `ALTER ROLE ${bound} SET default_transaction_read_only = on`);
  await queryDirectly(config, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader}, ${bound}`);
  const poolers = await Promise.all([1, 2, 3].map((n) => TransactionPooler.start(Number(new URL(url).port), n)));
  const at = (change: object) => impatientConfigOf(Object.assign(new URL(url), change).href);
  return {
    unfit: [
      { name: 'in LATIN1', config: at({ pathname: `/${latin}` }), complaint: /encoding is LATIN1/ },
      { name: 'in SQL_ASCII', config: at({ pathname: `/${ascii}` }), complaint: /encoding is SQL_ASCII/ },
      { name: 'of a user who may only read', config: at({ username: reader }), complaint: /permission denied/ },
      {
        name: 'of a user who is set to read',
        config: at({ username: bound }),
        complaint: /its user is set to read only/,
      },
      ...poolers.map(({ port }, n) => ({
        name: `behind a pooler of ${n + 1}`,
        config: at({ port }),
        complaint: /pooler in transaction mode/,
      })),
    ],
    remove: async () => {
      for (const pooler of poolers) await pooler.close();
      await drop();
      for (const name of [latin, ascii]) await queryDirectly(admin, `DROP DATABASE ${name} WITH (FORCE)`);
      for (const role of [reader, bound]) await queryDirectly(admin, `DROP ROLE ${role}`);
    },
  };
}
