import { DataSource } from 'typeorm';
import { IssuedKeys, type IssuedKey, type KeyRequest } from '../../../src/access/keys/issued-keys.js';
import { digestOf, newId, newKey } from '../../../src/access/keys/key-text.js';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { dataSourceOptions } from '../../../src/database/data-source-options.js';
import { entitiesFor } from '../../../src/entities.js';
import { queryDirectly } from '../database/direct-sql.js';

/** The database and the time of a service. */
interface Service {
  config: { database: DatabaseConfig };
  clock: { now: Date };
}

/** Manages the keys of a service as the command does: on a connection of its own. */
export function withIssuedKeys<T>(service: Service, work: (keys: IssuedKeys) => Promise<T>): Promise<T> {
  return withWriter(service, (writer) => work(new IssuedKeys(writer, () => service.clock.now)));
}

/** A new key: it may read and write items, unless asked otherwise. */
export function issueKey(service: Service, request: Partial<KeyRequest> = {}): Promise<IssuedKey> {
  const all: KeyRequest = { name: 'test', scopes: ['items:read', 'items:write'], ...request };
  return withIssuedKeys(service, (keys) => keys.create(all));
}

/** The texts of many new keys, which are written together. */
export async function issueMany(service: Service, count: number): Promise<string[]> {
  const texts = Array.from({ length: count }, () => newKey(newId()));
  const createdAt = service.clock.now.toISOString();
  // Not through the entity: TypeORM takes seconds for thousands.
  const rows = texts.map(
    (text) => `('${text.split('_')[1]!}', 'one of many', 'items:read', '${digestOf(text)}', '${createdAt}')`,
  );
  for (let at = 0; at < count; at += 5_000) {
    const values = rows.slice(at, at + 5_000).join(', ');
    const insert = `INSERT INTO api_keys (id, name, scopes, digest, created_at) VALUES ${values}`;
    await queryDirectly(service.config.database, insert);
  }
  return texts;
}

/** Lends the writer of a new connection. */
export async function withWriter<T>({ config }: Service, work: (writer: DataSource) => Promise<T>): Promise<T> {
  const { database } = config;
  const options = dataSourceOptions(database, 'writer', entitiesFor(database.engine));
  const writer = await new DataSource(options).initialize();
  try {
    return await work(writer);
  } finally {
    if (writer.isInitialized) await writer.destroy();
  }
}
