import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKey } from '../../../src/access/keys/api-key.entity.js';
import { digestOf, newId, newKey } from '../../../src/access/keys/key-text.js';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { SCOPES, type Scope } from '../../../src/contract/operation.js';
import { Database } from '../../../src/database/database.js';
import { queryDirectly } from '../database/direct-sql.js';

/** An API key of the tests. */
export interface TestKey {
  id: string;
  text: string;
  scopes: readonly Scope[];
}

/** Keys that every service with AUTH=required knows, whichever database it has. */
export const KEYS = {
  /** Has every scope. */
  all: testKey(SCOPES),
  /** Reads items, and has no other right. */
  reader: testKey(['items:read']),
  /** Reads and writes items, and has no other right. */
  writer: testKey(['items:read', 'items:write']),
  /** Has no right. */
  stranger: testKey([]),
} satisfies Record<string, TestKey>;

/** The field Authorization with this credential. */
export function bearer(credential: TestKey | string): string {
  return `Bearer ${typeof credential === 'string' ? credential : credential.text}`;
}

/** A key that no service knows, until it is planted. */
export function testKey(scopes: readonly Scope[]): TestKey {
  const id = newId();
  return { id, text: newKey(id), scopes };
}

/** Puts {@link KEYS} into the database of a service, unless another service has. */
export async function plantKeys(app: NestFastifyApplication, now: Date): Promise<void> {
  const { writer, sqliteWriter } = app.get(Database);
  // The database may be read-only.
  if ((await writer.query<unknown[]>(`SELECT 1 FROM api_keys WHERE id = '${KEYS.all.id}'`)).length > 0) return;
  const insert = () => writer.query(insertion(now));
  // In its turn, so that it is not part of a transaction of the service.
  await (sqliteWriter ? sqliteWriter.alone(insert) : insert());
}

/** Puts {@link KEYS} into a migrated database past its service, unless it has them. */
export async function plantKeysDirectly(database: DatabaseConfig, now: Date): Promise<void> {
  await queryDirectly(database, insertion(now));
}

function insertion(now: Date): string {
  const rows = Object.values(KEYS).map(({ id, text, scopes }) =>
    [id, 'test', scopes.join(' '), digestOf(text), now.toISOString()].map((value) => `'${value}'`).join(),
  );
  return `INSERT INTO api_keys (id, name, scopes, digest, created_at) VALUES ${rows.map((row) => `(${row})`).join()} ON CONFLICT DO NOTHING`;
}

/** Puts a key into the database of a service, as one that was made at this time. `more` are other columns of its row. */
export async function plantKey(
  app: NestFastifyApplication,
  { id, text, scopes }: TestKey,
  now: Date,
  more: Partial<ApiKey> = {},
): Promise<void> {
  const row = { id, name: 'test', scopes: scopes.join(' '), digest: digestOf(text), createdAt: now.toISOString() };
  const { writer, sqliteWriter } = app.get(Database);
  const insert = () => writer.getRepository(ApiKey).insert({ ...row, ...more });
  // In its turn, so that it is not part of a transaction of the service.
  await (sqliteWriter ? sqliteWriter.alone(insert) : insert());
}
