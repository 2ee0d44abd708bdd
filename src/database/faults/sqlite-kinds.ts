import type { FaultKind } from './database-fault.js';

/** What the codes of the sqlite3 driver mean. Any other code is unforeseen. */
export const SQLITE_KINDS: Record<string, FaultKind> = {
  SQLITE_BUSY: 'unavailable',
  SQLITE_LOCKED: 'unavailable',
  SQLITE_CANTOPEN: 'unavailable',
  SQLITE_IOERR: 'unavailable',
  SQLITE_READONLY: 'unavailable',
  SQLITE_FULL: 'full',
  SQLITE_CORRUPT: 'damaged',
  SQLITE_NOTADB: 'damaged',
  SQLITE_CONSTRAINT: 'refused',
  SQLITE_MISMATCH: 'refused',
  SQLITE_TOOBIG: 'refused',
};
