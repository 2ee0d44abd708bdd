import type { Screen } from '../../command-line/screen.js';
import type { DatabaseConfig } from '../../config/config.js';
import { INDEXED_ATTRIBUTES } from '../../config/settings/indexed-attributes.js';
import { attributeIndexesOf } from '../../items/store/indexes/attribute-index.js';
import type { IndexSession } from '../../items/store/indexes/index-session.js';
import { openIndexSession } from '../../items/store/indexes/open-index-session.js';

/** The attributes that have indexes, as filters name them. */
export function indexedAttributes(config: DatabaseConfig): Promise<string[]> {
  return withIndexes(config, async (session) => {
    const attributes = (await session.list()).flatMap(({ attribute }) => attribute ?? []);
    return [...new Set(attributes)].sort();
  });
}

/** Makes those that there were. The data is there without them, so a failure is only told. */
export async function makeIndexes(config: DatabaseConfig, attributes: string[], { stderr }: Screen): Promise<void> {
  const paths = attributes.flatMap((attribute) => {
    const found = INDEXED_ATTRIBUTES.parse(attribute);
    return Array.isArray(found) ? found : [];
  });
  if (paths.length === 0) return;
  const indexes = paths.flatMap((path) => attributeIndexesOf(path, config.engine));
  try {
    await withIndexes(config, (session) =>
      session.make(indexes, ({ attribute, kind }) => stderr.write(`Index on ${attribute} (${kind}) is made.\n`)),
    );
  } catch (error) {
    stderr.write(`Indexes on attributes are missing: ${(error as Error).message}\nINDEXED_ATTRIBUTES makes them.\n`);
  }
}

async function withIndexes<T>(config: DatabaseConfig, work: (session: IndexSession) => Promise<T>): Promise<T> {
  const session = await openIndexSession(config, new AbortController().signal);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
