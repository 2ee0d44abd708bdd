import type { DatabaseConfig } from '../../../src/config/config.js';
import { impatientConfigOf, migratedDatabase } from './engine.js';
import { CuttingProxy, type Cut } from '../postgres/cutting-proxy.js';

/** A way to lose the connection to the database. */
interface Loss {
  name: string;
  /** Takes effect from the next write on. */
  begin(this: void): void;
}

/** A database whose connections a test can cut. An SQLite file has none, so it can't lose any. */
export interface LostConnections {
  database: DatabaseConfig;
  /** The same database, over connections that are not cut. */
  direct: DatabaseConfig;
  /** After these the write is made, and made once. */
  survived: Loss[];
  /** The same, if the write is made under the lock. */
  survivedUnderLock: Loss[];
  /** After these nothing is written. */
  unsurvived: Loss[];
  /** After these it is not clear at once whether the write was made. */
  unknowable: (Loss & { isWritten: boolean })[];
  /** Each before or after a read of some kind. */
  ofReads: (Loss & { path: string })[];
  /** The next read of the one who reads the feed for all who follow. */
  ofFeedHead: Loss[];
  /** The code for a write whose server process can't be ended. On SQLite it has waited too long. */
  unendable: 'outcome-unknown' | 'storage-unavailable';
  /** Loses all connections at once. */
  loseAll(this: void): void;
  mend(this: void): void;
  remove(this: void): Promise<void>;
}

/** How often the service tries a group whose connection is lost before it is written. */
const TRIES = 3;

const READ = ['find-items'];
const WRITE = ['put-items', 'put-records', 'put-erasing'];

/** Reads, each with a part of its statement. */
const READS: [path: string, statement: string][] = [
  ['/items/read', 'FROM items WHERE id = ANY'],
  ['/items', 'FROM items'],
  ['/items?q=read', 'FROM item_terms'],
  ['/items/read/versions', 'FROM item_versions'],
  ['/items/read/versions/1', 'FROM item_versions'],
  ['/changes', 'WITH scanned AS'],
  ['/changes/latest', 'FROM item_versions ORDER BY seq'],
];

const nothing = () => undefined;

export async function prepareLostConnections(): Promise<LostConnections> {
  const database = await migratedDatabase();
  if (database.config.engine === 'sqlite') {
    const { config } = database;
    const losses = { survived: [], survivedUnderLock: [], unsurvived: [], unknowable: [], ofReads: [], ofFeedHead: [] };
    const unendable = 'storage-unavailable';
    return {
      ...losses,
      unendable,
      database: impatientConfigOf(database.url),
      direct: config,
      loseAll: nothing,
      mend: nothing,
      remove: database.drop,
    };
  }
  const url = new URL(database.config.url);
  const proxy = await CuttingProxy.start(Number(url.port));
  const loss = (name: string, cut: Omit<Cut, 'times'> & { times?: number }) => ({
    name,
    begin: () => proxy.cutNext({ times: 1, ...cut }),
  });
  return {
    database: impatientConfigOf(Object.assign(url, { port: proxy.port }).href),
    direct: database.config,
    survived: [
      loss('before the read', { statements: READ, lost: 'message' }),
      loss('after the read', { statements: READ, lost: 'answer', times: TRIES - 1 }),
      loss('before the write', { statements: WRITE, lost: 'message' }),
      loss('before two writes', { statements: WRITE, lost: 'message', times: TRIES - 1 }),
      loss('after the commit', { statements: WRITE, lost: 'answer' }),
      loss('in silence after the commit', { statements: WRITE, lost: 'answer in silence' }),
    ],
    survivedUnderLock: [
      loss('before the commit', { statements: ['COMMIT'], lost: 'message' }),
      loss('after the commit', { statements: ['COMMIT'], lost: 'answer' }),
    ],
    unsurvived: [
      loss('before every read', { statements: READ, lost: 'message', times: TRIES }),
      loss('before every write', { statements: WRITE, lost: 'message', times: TRIES }),
    ],
    unknowable: [
      {
        ...loss('before the write, for good', { statements: WRITE, lost: 'message', refuses: true }),
        isWritten: false,
      },
      { ...loss('after the commit, for good', { statements: WRITE, lost: 'answer', refuses: true }), isWritten: true },
    ],
    ofReads: READS.flatMap(([path, text]) =>
      (['message', 'answer'] as const).map((lost) => ({
        ...loss(`the ${lost} of ${path}`, { statements: [text], lost }),
        path,
      })),
    ),
    ofFeedHead: (['message', 'answer'] as const).map((lost) =>
      loss(`its ${lost}`, { statements: ['WITH scanned AS'], lost }),
    ),
    unendable: 'outcome-unknown',
    loseAll: () => proxy.dropAll(),
    mend: () => proxy.mend(),
    remove: async () => {
      await proxy.close();
      await database.drop();
    },
  };
}
