import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { KEY_PARTS } from './key.limits.js';

/** Each key starts with it, so that scanners find keys in source code and logs. */
export const KEY_PREFIX = 'items_';

/** The form of a key, for scanners. Only characters of a b64token (RFC 6750 §2.1). */
export const KEY_PATTERN = `^${KEY_PREFIX}[0-9a-z]{${KEY_PARTS.id}}_[0-9A-Za-z]{${KEY_PARTS.secret}}_[0-9A-Za-z]{${KEY_PARTS.checksum}}$`;

const FORM = new RegExp(KEY_PATTERN);
const ID = new RegExp(`^[0-9a-z]{${KEY_PARTS.id}}$`);
const ID_END = KEY_PREFIX.length + KEY_PARTS.id;
const CHECKED_LENGTH = ID_END + 1 + KEY_PARTS.secret;

/** How long a key is, in characters. */
export const KEY_LENGTH = CHECKED_LENGTH + 1 + KEY_PARTS.checksum;

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The alphabet of ids: none of its characters look alike (Crockford's base 32). */
const ID_DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/** Whether a credential claims to be an API key. */
export function isKeyText(text: string): boolean {
  return text.startsWith(KEY_PREFIX);
}

/** Whether a text has the form of an id. */
export function isId(text: string): boolean {
  return ID.test(text);
}

/** The id in a text that looks like a key. Its checksum is not looked at. */
export function idIn(text: string): string | undefined {
  return text.length === KEY_LENGTH && isKeyText(text) ? text.slice(KEY_PREFIX.length, ID_END) : undefined;
}

/** Whether a text has the form of a key and its checksum is right: a mistyped key is told without looking it up. */
export function isWhole(text: string): boolean {
  return FORM.test(text) && text.endsWith(`_${checksumOf(text.slice(0, CHECKED_LENGTH))}`);
}

/** A new id. */
export function newId(): string {
  // All digits are as likely: 256 is a multiple of their number.
  return Array.from(randomBytes(KEY_PARTS.id), (byte) => ID_DIGITS[byte % ID_DIGITS.length]).join('');
}

/** A key with a new secret of 256 bits. It can't be made again from anything that is stored. */
export function newKey(id: string): string {
  const secret = inBase62(BigInt(`0x${randomBytes(32).toString('hex')}`), KEY_PARTS.secret);
  const checked = `${KEY_PREFIX}${id}_${secret}`;
  return `${checked}_${checksumOf(checked)}`;
}

/** What is kept of a key: its SHA-256 digest, in base64url. No salt is needed for 256 random bits. */
export function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

// CRC-32 tells every change of up to 32 bits that follow each other, so each mistyped character and each swap of neighbours.
function checksumOf(checked: string): string {
  return inBase62(BigInt(crc32(checked)), KEY_PARTS.checksum);
}

function inBase62(value: bigint, length: number): string {
  let rest = value;
  let text = '';
  while (text.length < length) {
    text = `${DIGITS[Number(rest % 62n)]}${text}`;
    rest /= 62n;
  }
  return text;
}
