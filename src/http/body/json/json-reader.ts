import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { Injectable, type HttpException } from '@nestjs/common';
import { BODY_LIMITS } from '../../../contract/operation.js';
import { Faults } from '../../../problems/faults.js';
import { JsonBody } from './json-body.js';
import { malformedJson } from './json.problems.js';
import { countJson, scanJson, type JsonScan } from './json-scanner.js';

// An escape, the reserved name, an exponent, or more digits than every double keeps. JSON.parse reads a text without
// these exactly, so it is not scanned. Alternatives that begin with one character each are found five times faster.
const SUSPICIOUS = /\\u|__proto__|\d(?:[eE]|[\d.]{15})/;

/** 1 at `,` `:` `[` and `{`: seven times faster than a Set. */
const IS_SEPARATOR = Uint8Array.from({ length: 256 }, (_, byte) =>
  ',:[{'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/** A longer document may block the main thread for about 20 ms. */
const LONG_BYTES = 32_768;

/** Reads JSON bodies, so that many long ones at once don't block other requests. */
@Injectable()
export class JsonReader {
  private lastTurn: Promise<void> = Promise.resolve();

  /**
   * Reads JSON text in UTF-8 without a byte order mark (RFC 8259 §8.1), of at most that many values and member names. Problem:
   * malformedJson (400).
   */
  async read(bytes: Buffer, mostValues = BODY_LIMITS.values): Promise<JsonBody> {
    if (bytes.length === 0) throw malformedJson('it is empty', 0, '');
    if (bytes.length > LONG_BYTES) await this.ownTurn();
    if (!isUtf8(bytes)) throw notUtf8(bytes);
    const text = bytes.toString('utf8');
    if (text.startsWith('\uFEFF')) throw malformedJson('it starts with a byte order mark', 0, '');
    if (mayHaveMore(bytes, mostValues)) {
      const { scan, names } = await countJson(text);
      if (scan.brokenAt !== undefined) throw brokenAs(text, scan);
      if (scan.count > mostValues)
        return new JsonBody(undefined, tooMany(scan.count, mostValues), { text, start: 0 }, names);
    }
    return new JsonBody(parse(text), faultsIn(text), { text, start: 0 });
  }

  /** Waits for a turn of the event loop in which no other long document is read. */
  private ownTurn(): Promise<void> {
    this.lastTurn = this.lastTurn.then(() => setImmediate());
    return this.lastTurn;
  }
}

/** Whether JSON may have more values and names than `most`, judged by the separators between them. */
function mayHaveMore(bytes: Buffer, most: number): boolean {
  // The shortest is a digit and a comma.
  if (bytes.length < 2 * most) return false;
  let count = 1;
  for (let at = 0; at < bytes.length; at += 1) count += IS_SEPARATOR[bytes[at]!]!;
  return count > most;
}

/** What JSON.parse would change silently, or the service does not take. */
export function faultsIn(text: string): Faults {
  return SUSPICIOUS.test(text) ? scanJson(text).faults : new Faults();
}

/** The fault of a document with more values and member names than are allowed. */
export function tooMany(count: number, most: number): Faults {
  const detail = `The body has ${count} values and member names. At most ${most} are allowed.`;
  return new Faults([{ pointer: '', rule: 'count', detail, position: 0 }]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw brokenAs(text, scanJson(text));
  }
}

function brokenAs(text: string, { brokenAt = 0, brokenIn }: JsonScan): HttpException {
  return malformedJson(describeFault(text, brokenAt), brokenAt, brokenIn);
}

/** Position and pointer are those of the first byte that is not UTF-8. */
function notUtf8(bytes: Buffer): HttpException {
  // UTF-8 comes back unchanged; Node replaces anything else by U+FFFD.
  const again = Buffer.from(bytes.toString('utf8'));
  let start = firstDifference(bytes, again);
  while (start > 0 && isContinuation(again[start]!)) start -= 1;
  const before = again.toString('utf8', 0, start);
  return malformedJson('its bytes are not UTF-8', before.length, scanJson(before).brokenIn);
}

/** Where two unequal buffers first differ. By halves, since Buffer.equals is much faster than a loop. */
function firstDifference(one: Buffer, other: Buffer): number {
  let [same, different] = [0, Math.min(one.length, other.length)];
  while (same < different) {
    const middle = Math.ceil((same + different) / 2);
    if (one.subarray(same, middle).equals(other.subarray(same, middle))) same = middle;
    else different = middle - 1;
  }
  return same;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function describeFault(text: string, position: number): string {
  if (position >= text.length) return 'it ends too early';
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  return `unexpected character at line ${line}, column ${column}`;
}
