import { revisionOf } from '../item-version.js';

/**
 * A place in the feed: right behind the change with this sequence number. After a restore another change has the number, so the
 * first 8 hex digits of the id of its command go with it.
 */
export interface Position {
  seq: number;
  revision: string;
}

/** Before the first change that ever was. */
export const START: Position = { seq: 0, revision: '00000000' };

/** Its written form. A double stands for every number of 15 digits. */
export const POSITION_PATTERN = String.raw`(?:0|[1-9]\d{0,14})-[0-9a-f]{8}`;

const POSITION = new RegExp(`^${POSITION_PATTERN}$`);

/** Reads a position; undefined if it is none. */
export function parsePosition(text: string): Position | undefined {
  if (!POSITION.test(text)) return undefined;
  const [seq, revision = ''] = text.split('-');
  return { seq: Number(seq), revision };
}

/** A position as clients get it, e.g. `42-9f86d081`. */
export function positionText({ seq, revision }: Position): string {
  return `${seq}-${revision}`;
}

/** The position behind a change. PostgreSQL gives sequence numbers as text. */
export function positionBehind(seq: number | string, commandId: string): Position {
  return { seq: Number(seq), revision: revisionOf(commandId) };
}
