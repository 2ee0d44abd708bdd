import { isUtf8 } from 'node:buffer';
import type { InputFault } from '../problems/problem.js';
import { malformedJson } from '../problems/http.problems.js';
import { scanJson } from './json-scanner.js';

/**
 * A JSON document as it arrived, on its way to the ValidationPipe. The value is private so that nothing on the way
 * walks into it: Nest would delete members named `constructor` and `prototype` from a plain object.
 */
export class JsonBody {
  readonly #value: unknown;
  readonly #faults: InputFault[];

  constructor(value: unknown, faults: InputFault[]) {
    this.#value = value;
    this.#faults = faults;
  }

  get value(): unknown {
    return this.#value;
  }

  /** What only the text shows: inexact numbers, U+0000, lone surrogates, `__proto__`. */
  get faults(): InputFault[] {
    return this.#faults;
  }
}

// An escape, the one reserved name, an exponent, or more digits than every double keeps. What has none of these is
// taken by JSON.parse without loss, and the scanner is spared.
const SUSPICIOUS = /\\u|__proto__|\d[eE]|[\d.]{16}/;

/** Reads JSON text in UTF-8 without a byte order mark (RFC 8259 §8.1). Problem: malformedJson (400). */
export function readJson(bytes: Buffer): JsonBody {
  if (bytes.length === 0) throw malformedJson('it is empty', 0);
  if (!isUtf8(bytes)) throw malformedJson('its bytes are not UTF-8');
  const text = bytes.toString('utf8');
  if (text.startsWith('\uFEFF')) throw malformedJson('it starts with a byte order mark', 0);
  return new JsonBody(parse(text), SUSPICIOUS.test(text) ? scanJson(text).faults : []);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const position = scanJson(text).brokenAt ?? 0;
    throw malformedJson(describeFault(text, position), position);
  }
}

function describeFault(text: string, position: number): string {
  if (position >= text.length) return 'it ends too early';
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  return `unexpected character at line ${line}, column ${column}`;
}
