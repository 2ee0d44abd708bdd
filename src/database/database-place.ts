import type { DatabaseConfig } from '../config/config.js';

/** Where the database is, for people: the path of the file, or the server and database without user and password. */
export function placeOf(database: DatabaseConfig): string {
  if (database.engine === 'sqlite') return database.path;
  const { host, port, database: name } = database.address;
  const where = host.includes(':') ? `[${host}]` : host;
  return `PostgreSQL at ${where}${port ? `:${port}` : ''}${name ? `, database ${name}` : ''}`;
}
