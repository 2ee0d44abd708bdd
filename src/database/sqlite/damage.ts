import { createRequire } from 'node:module';
import type sqlite from 'sqlite3';
import { faultKindOf } from '../faults/database-fault.js';

/** As many findings are told at most. */
const MOST_FOUND = 100;

/**
 * What is damaged in an SQLite file, a line each; none if it is sound. Reads all of it, and changes nothing. `isFull`: compares indexes with
 * tables, too (sqlite.org/pragma.html#pragma_integrity_check). Error: the driver's, if the file can't be read.
 */
export async function damageIn(path: string, isFull: boolean): Promise<string[]> {
  const file = await opened(path);
  try {
    const check = isFull ? 'integrity_check' : 'quick_check';
    const rows = await rowsOf(file, `PRAGMA ${check}(${MOST_FOUND})`);
    const lines = rows.flatMap((row) => String(Object.values(row)[0]).split('\n'));
    return lines.filter((line) => line !== 'ok' && line !== '');
  } catch (error) {
    if (faultKindOf(error) === 'damaged') return [(error as Error).message];
    throw error;
  } finally {
    await new Promise<void>((resolve) => {
      file.close(() => resolve());
    });
  }
}

function opened(path: string): Promise<sqlite.Database> {
  const sqlite3 = createRequire(import.meta.url)('sqlite3') as typeof sqlite;
  return new Promise((resolve, reject) => {
    const file = new sqlite3.Database(path, sqlite3.OPEN_READONLY, (error) => (error ? reject(error) : resolve(file)));
  });
}

function rowsOf(file: sqlite.Database, statement: string): Promise<object[]> {
  return new Promise((resolve, reject) => {
    file.all<object>(statement, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
}
