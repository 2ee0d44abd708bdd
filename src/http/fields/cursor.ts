import { hash } from 'node:crypto';
import { invalidCursor } from './cursor.problems.js';

const CHECKSUM_BYTES = 6;

/**
 * An opaque page cursor: the position after which a listing goes on, bound to that listing. Every process makes the same
 * one, and it never expires. The checksum detects damage; it is not a secret.
 */
export function encodeCursor(listing: string, position: string): string {
  return Buffer.concat([checksum(listing, position), Buffer.from(position)]).toString('base64url');
}

/** The position in a cursor of this listing. Problem: invalidCursor (400) if it is damaged or from another listing. */
export function decodeCursor(listing: string, cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.subarray(CHECKSUM_BYTES).toString();
  // Buffer.from ignores what is not base64url, so the cursor is encoded again and compared.
  if (encodeCursor(listing, position) !== cursor) throw invalidCursor();
  return position;
}

function checksum(listing: string, position: string): Buffer {
  return hash('sha256', `${listing}\n${position}`, 'buffer').subarray(0, CHECKSUM_BYTES);
}
