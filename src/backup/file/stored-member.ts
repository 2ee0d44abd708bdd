import { crc32 } from 'node:zlib';

/*
 * A member of a gzip file (RFC 1952) whose text is not packed: one stored block (RFC 1951 §3.2.4). It has the same bytes
 * wherever it is made, so whoever reads it can tell each changed bit, and find its text without unpacking.
 */

/** No name, no time, unknown system. */
const HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);

/** The head, and that of the block: last block, stored; the length, and its complement. */
const TEXT_AT = HEAD.length + 5;

/** The checksum and the length. */
const TAIL_BYTES = 8;

/** The longest text, in bytes. */
export const STORED_MAX = 0xff_ff;

/** The bytes of a member around its text. */
export const MEMBER_FRAME_BYTES = TEXT_AT + TAIL_BYTES;

/** A member with this text, which has at most {@link STORED_MAX} bytes. */
export function storedMember(text: string): Buffer {
  const content = Buffer.from(text);
  const member = Buffer.alloc(content.length + MEMBER_FRAME_BYTES);
  HEAD.copy(member);
  member[HEAD.length] = 1;
  member.writeUInt16LE(content.length, HEAD.length + 1);
  member.writeUInt16LE(content.length ^ 0xff_ff, HEAD.length + 3);
  content.copy(member, TEXT_AT);
  member.writeUInt32LE(crc32(content), TEXT_AT + content.length);
  member.writeUInt32LE(content.length, TEXT_AT + content.length + 4);
  return member;
}

/** The text of the member that these bytes begin with; undefined if there is none, or any of its bits was changed. */
export function storedText(bytes: Buffer): string | undefined {
  if (bytes.length < MEMBER_FRAME_BYTES) return undefined;
  const length = bytes.readUInt16LE(HEAD.length + 1);
  const text = bytes.toString('utf8', TEXT_AT, TEXT_AT + length);
  return storedMember(text).equals(bytes.subarray(0, length + MEMBER_FRAME_BYTES)) ? text : undefined;
}
