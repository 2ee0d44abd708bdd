import { DatabaseFault, faultKindOf } from '../../database/faults/database-fault.js';
import { FOREIGN_MIGRATIONS, FOREIGN_SCHEMA } from '../../database/migrations/schema.js';
import { spaceOf } from '../../database/sqlite/disk-space.js';
import type { SqliteConnection } from '../../database/sqlite/sqlite-connection.js';
import type { SqliteWriter } from '../../database/sqlite/sqlite-writer.js';
import { BEGIN_MERGE, FILE_BYTES, FORGET_ERASURES, GO_ON_MERGING, LAST_ERASURE } from './erasure.statements.js';

/** The largest file that is rewritten as a whole: that takes about a second. */
const REWRITTEN_MAX_BYTES = 64 * 1024 * 1024;

/** How many times its size a file may grow meanwhile: a copy, and the log (sqlite.org/lang_vacuum.html). One is for the writes that follow. */
const ROOM_TO_REWRITE = 3;

/** Erasures whose content may still be in the file: how many, and the last of them. */
export interface Erasures {
  seq: number;
  count: number;
}

/**
 * What an SQLite file keeps of erased content, and the steps that get rid of it. Writes go on between
 * the steps, which take milliseconds but for the rewriting. Throws DatabaseFault.
 */
export class SqliteErasures {
  constructor(private readonly writer: SqliteWriter) {}

  /** Undefined if there are none. */
  async last(): Promise<Erasures | undefined> {
    const [row] = await this.writer.alone((connection) => connection.all<Erasures>(LAST_ERASURE, []));
    return row && row.count > 0 ? row : undefined;
  }

  /** Begins to merge the full-text index. True: there is more to merge. */
  beginMerge(): Promise<boolean> {
    return this.step((connection) => isChanging(connection, BEGIN_MERGE));
  }

  /** Goes on with it. */
  goOnMerging(): Promise<boolean> {
    return this.step((connection) => isChanging(connection, GO_ON_MERGING));
  }

  /**
   * Rewrites a small file. SQLite overwrites what it deletes, but when it moves rows within a page it may leave copies of them in unused
   * parts (decision 71). False: the file is too large to keep writes waiting, or the disk has no room for it.
   */
  async rewrite(): Promise<boolean> {
    await this.writer.file.requirePresent();
    return this.writer.alone(async (connection) => {
      const [file] = await connection.all<{ bytes: number }>(FILE_BYTES, []);
      const space = await spaceOf(this.writer.file.path);
      if (file!.bytes > REWRITTEN_MAX_BYTES || (space && space.free < ROOM_TO_REWRITE * file!.bytes)) return false;
      return isCarriedOut(connection.exec('VACUUM'));
    });
  }

  /** Empties the write-ahead log. False: somebody reads or writes, so try again. */
  async emptyLog(): Promise<boolean> {
    return (await this.writer.emptyLog()).isEmptied;
  }

  /** Notes that their content is gone. */
  async forget({ seq }: Erasures): Promise<void> {
    await this.step((connection) => connection.all(FORGET_ERASURES, [seq]));
  }

  private async step<T>(work: (connection: SqliteConnection) => Promise<T>): Promise<T> {
    const { file } = this.writer;
    await file.requirePresent();
    const result = await this.writer.inTransaction(async (connection) => {
      const foreign = await connection.all(FOREIGN_MIGRATIONS, []);
      if (foreign.length > 0) throw new DatabaseFault('unavailable', new Error(FOREIGN_SCHEMA));
      return work(connection);
    });
    await file.confirm();
    return result;
  }
}

/** False: the disk is full, so nothing was done. */
async function isCarriedOut(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (faultKindOf(error) !== 'full') throw error;
    return false;
  }
}

/** Whether a statement of a merge had something to do: then it makes two changes or more. */
async function isChanging(connection: SqliteConnection, statement: string): Promise<boolean> {
  const changes = async () => (await connection.all<{ n: number }>('SELECT total_changes() AS n', []))[0]!.n;
  const before = await changes();
  await connection.all(statement, []);
  return (await changes()) - before >= 2;
}
