import { DataSource } from 'typeorm';
import { ApiKey } from '../../../src/access/keys/api-key.entity.js';
import { IssuedKeys, type IssuedKey, type KeyRequest } from '../../../src/access/keys/issued-keys.js';
import { digestOf, newId, newKey } from '../../../src/access/keys/key-text.js';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { dataSourceOptions } from '../../../src/database/data-source-options.js';
import { entitiesFor } from '../../../src/entities.js';

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
  const rows = texts.map((text) => ({
    id: text.split('_')[1]!,
    name: 'one of many',
    scopes: 'items:read',
    digest: digestOf(text),
    createdAt,
  }));
  await withWriter(service, async (writer) => {
    for (let at = 0; at < count; at += 1_000) await writer.getRepository(ApiKey).insert(rows.slice(at, at + 1_000));
  });
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
