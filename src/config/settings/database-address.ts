import { resolve } from 'node:path';
import { Misfit } from './misfit.js';
import { readPostgresUrl, type PostgresAddress } from './postgres-url.js';

/** The embedded SQLite file (absolute path), or a PostgreSQL database (its URL as given, which may hold a password). */
export type DatabaseAddress =
  { engine: 'sqlite'; path: string } | { engine: 'postgres'; url: string; address: PostgresAddress };

/** The database that DATABASE_URL names, or a Misfit, which shows the correct form if it is clear. */
export function parseDatabaseUrl(text: string): DatabaseAddress | Misfit | undefined {
  if (/^postgres(ql)?:\/\//.test(text)) {
    const address = readPostgresUrl(text);
    return address instanceof Misfit ? address : { engine: 'postgres', url: text, address };
  }
  return parseSqliteUrl(text);
}

// Other programs use several forms of URL for SQLite, and read "//", "?" and "file:" in different ways. Taken as file
// names, they would create new files.
function parseSqliteUrl(text: string): DatabaseAddress | Misfit | undefined {
  const path = pathIn(text);
  const isFile = /^(sqlite|file)/i.test(text) || /^\.{0,2}\/|\.(sqlite3?|db)$/.test(text);
  if (!isFile || path === '') return undefined;
  if (path.includes(':memory:'))
    return new Misfit('the path of a file, since a database in memory has one connection only');
  if (/^[~$]/.test(path)) return new Misfit('sqlite:<path of a file> without ~ or $, which are not expanded');
  if (text === `sqlite:${path}`) return { engine: 'sqlite', path: resolve(path) };
  // Another kind of URL, which may hold a password.
  if (text.includes('@')) return undefined;
  return new Misfit(`sqlite:<path of a file>, here sqlite:${path}`);
}

function pathIn(text: string): string {
  return text
    .replace(/^(sqlite3?|file)(\+\w+)?:(file:)?/i, '')
    .replace(/^\/\/(?!\/)/, '')
    .replace(/^\/{2,}/, '/')
    .replace(/\?.*$/, '');
}
