import { isUtf8 } from 'node:buffer';
import type { HttpException } from '@nestjs/common';
import type { InputFault } from '../problems/problem.js';
import { invalidBody, malformedJson } from '../problems/content.problems.js';
import { scanJson } from './json-scanner.js';

/**
 * A JSON document as it arrived, on its way to the ValidationPipe. The value is private so that nothing on the way
 * walks into it: Nest would delete members named `constructor` and `prototype` from a plain object.
 */
export class JsonBody {
  readonly #value: unknown;
  readonly #faults: InputFault[];
  readonly #text: string;

  constructor(value: unknown, faults: InputFault[], text: string) {
    this.#value = value;
    this.#faults = faults;
    this.#text = text;
  }

  get value(): unknown {
    return this.#value;
  }

  /** What only the text shows: numbers that no double stands for, U+0000, lone surrogates, `__proto__`. */
  get faults(): InputFault[] {
    return this.#faults;
  }

  /** The faults with the position at which each value begins that they are about, where it is in the text. */
  located(faults: InputFault[]): InputFault[] {
    const pointers = faults.flatMap((fault) => ('pointer' in fault ? [fault.pointer] : []));
    const { places } = scanJson(this.#text, pointers);
    return faults.map((fault) => {
      const position = 'pointer' in fault ? places.get(fault.pointer) : undefined;
      return position === undefined ? fault : { ...fault, position: fault.position ?? position };
    });
  }
}

/** The JSON document that a request came with. Problem: invalidBody (400) if it came with no content. */
export function sentJson(body: unknown): JsonBody {
  if (body instanceof JsonBody) return body;
  throw invalidBody([{ pointer: '', rule: 'required', detail: 'The request has no body. Send JSON in it.' }]);
}

// An escape, the one reserved name, an exponent, or more digits than every double keeps. What has none of these is
// taken by JSON.parse without loss, and the scanner is spared.
const SUSPICIOUS = /\\u|__proto__|\d[eE]|[\d.]{16}/;

/** What Node makes of bytes that are no UTF-8: U+FFFD. */
const REPLACEMENT = '\uFFFD';
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);

/** Reads JSON text in UTF-8 without a byte order mark (RFC 8259 §8.1). Problem: malformedJson (400). */
export function readJson(bytes: Buffer): JsonBody {
  if (bytes.length === 0) throw malformedJson('it is empty', 0, '');
  if (!isUtf8(bytes)) throw notUtf8(bytes);
  const text = bytes.toString('utf8');
  if (text.startsWith('\uFEFF')) throw malformedJson('it starts with a byte order mark', 0, '');
  return new JsonBody(parse(text), SUSPICIOUS.test(text) ? scanJson(text).faults : [], text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { brokenAt = 0, brokenIn } = scanJson(text);
    throw malformedJson(describeFault(text, brokenAt), brokenAt, brokenIn);
  }
}

/** The text up to the first byte that is no UTF-8 has the position and the pointer. */
function notUtf8(bytes: Buffer): HttpException {
  const text = bytes.toString('utf8');
  let position = text.indexOf(REPLACEMENT);
  // Each may also have been sent as such; from one to the next, so that no text is counted twice.
  for (let from = 0, at = 0; position >= 0; position = text.indexOf(REPLACEMENT, from)) {
    at += Buffer.byteLength(text.slice(from, position));
    if (bytes.subarray(at, at + REPLACEMENT_BYTES.length).compare(REPLACEMENT_BYTES) !== 0) break;
    at += REPLACEMENT_BYTES.length;
    from = position + 1;
  }
  return malformedJson('its bytes are not UTF-8', position, scanJson(text.slice(0, position)).brokenIn);
}

function describeFault(text: string, position: number): string {
  if (position >= text.length) return 'it ends too early';
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  return `unexpected character at line ${line}, column ${column}`;
}
