import type { ClientBase } from 'pg';
import { FIND_LATEST } from '../../items/store/changes/changes.statements.js';

/** A database of PostgreSQL, by what no other has: the system identifier of its server, and its own number there. Both outlive a failover. */
export interface MoveTarget {
  server: string;
  database: string;
}

/** Where a file was moved. It stands in the file; `move` also stands in the database, from the commit of its rows on. */
export interface MoveNote extends MoveTarget {
  /** Where it is, for people. */
  place: string;
  /** Made anew for each try. */
  move: string;
}

/** What the last change of a database was. */
export interface LastChange {
  seq: number | string;
  commandId: string;
}

const TARGET = `
SELECT (SELECT system_identifier FROM pg_control_system())::text AS server,
       (SELECT oid FROM pg_database WHERE datname = current_database())::text AS database`;

/** The comment on the list of migrations: part of the transaction, and no table more. */
const COMMENT = 'moved from SQLite: ';

export async function targetOf(client: ClientBase): Promise<MoveTarget> {
  const { rows } = await client.query<MoveTarget>(TARGET);
  return rows[0]!;
}

/** Notes in the transaction of a client that a move, which is a UUID, has put all rows there. */
export async function noteMove(client: ClientBase, move: string): Promise<void> {
  await client.query(`COMMENT ON TABLE migrations IS '${COMMENT}${move}'`);
}

/** Whether a move was committed in the database of a client. */
export async function hasMove(client: ClientBase, move: string): Promise<boolean> {
  const { rows } = await client.query<{ comment: string | null }>(
    `SELECT obj_description(to_regclass('migrations'), 'pg_class') AS comment`,
  );
  return rows[0]?.comment === `${COMMENT}${move}`;
}

/** Whether there was such a database on the server of a client, and is no more. */
export async function isDropped(client: ClientBase, { server, database }: MoveTarget): Promise<boolean> {
  if ((await targetOf(client)).server !== server) return false;
  const { rows } = await client.query('SELECT 1 FROM pg_database WHERE oid::text = $1', [database]);
  return rows.length === 0;
}

export async function lastChangeOf(client: ClientBase): Promise<LastChange | undefined> {
  return (await client.query<LastChange>(FIND_LATEST)).rows[0];
}
