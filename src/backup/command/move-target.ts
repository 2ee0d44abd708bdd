import type { ClientBase } from 'pg';
import { Refused } from '../../command-line/run-command.js';
import type { HeldFile } from '../rows/held-file.js';
import { hasMove, isDropped, lastChangeOf, targetOf } from '../rows/move-note.js';

const ELSEWHERE =
  'It may have changes since, so nothing is moved to a second one. If it is gone for good, back up the file, and restore the backup.';

/** What was found in the database if the file was moved there before. */
export type Before = 'moved before' | 'moved before, and changed since';

/** The rows of the file are in the database: its move had ended, but for its last words. */
export class MovedBefore extends Refused {
  constructor(readonly found: Before) {
    super('The database has what was moved, so the file takes no changes.');
  }
}

/** Throws Refused if the file was moved to another database, which is still there as far as this one knows, and MovedBefore if to this one. */
export async function requireTarget({ moved, lastChange }: HeldFile, client: ClientBase): Promise<void> {
  if (!moved) return;
  const { server, database } = await targetOf(client);
  if (moved.server !== server || moved.database !== database) {
    if (await isDropped(client, moved)) return;
    throw new Refused(`The file was moved to another database, ${moved.place}. ${ELSEWHERE}`);
  }
  if (!(await hasMove(client, moved.move))) return;
  const there = await lastChangeOf(client);
  const isSame = Number(there?.seq ?? 0) === Number(lastChange?.seq ?? 0);
  throw new MovedBefore(isSame ? 'moved before' : 'moved before, and changed since');
}
