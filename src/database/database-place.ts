import type { DatabaseConfig } from '../config/config.js';

/** Where the database is, for people: the path of the file, or the server and database without user and password. */
export function placeOf(database: DatabaseConfig): string {
  if (database.engine === 'sqlite') return database.path;
  const { host, pathname } = new URL(database.url);
  return `PostgreSQL at ${host}${pathname}`;
}
