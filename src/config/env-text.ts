/** One `NAME=value` of a `.env`. */
export interface Assignment {
  name: string;
  value: string;
  /** Counted from 1. */
  line: number;
  /** Why programs would read the value differently. Completes the sentence "the value … ". */
  trap?: string;
}

/** The contents of a `.env`. */
interface EnvText {
  assignments: Assignment[];
  /** Lines that are neither empty, a comment nor an assignment. */
  strayLines: number[];
}

const BYTE_ORDER_MARKS: [mark: number[], encoding: string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

const BLANK = /[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;
const NAME = /[^\S\n]*(?:export[^\S\n]+)?([A-Za-z_][\w.-]*)[^\S\n]*=/y;
const QUOTED = /[^\S\n]*(["'`])([\s\S]*?)\1[^\S\n]*([^\n]*)(?:\n|$)/y;
const LINE = /([^\n]*)(?:\n|$)/y;

/**
 * Decodes UTF-8, or UTF-16 as Windows writes it, with or without a byte order mark. Undefined if the bytes are not text in
 * either.
 */
export function decodeText(bytes: Buffer): string | undefined {
  const marked = BYTE_ORDER_MARKS.find(([mark]) => mark.every((byte, index) => bytes[index] === byte));
  try {
    const text = new TextDecoder(marked?.[1] ?? likelyEncoding(bytes), { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

// A `.env` begins with ASCII, and each ASCII character has a zero byte in UTF-16.
function likelyEncoding(bytes: Buffer): string {
  if (bytes.length < 2 || bytes.length % 2 === 1) return 'utf-8';
  if (bytes[0] === 0) return 'utf-16be';
  return bytes[1] === 0 ? 'utf-16le' : 'utf-8';
}

/**
 * Parses a `.env`: `NAME=value`, also after `export`. A value quoted by ", ' or ` may span lines. Without quotes it ends at
 * a space and #, or at the end of the line. Node's parseEnv ignores what it does not understand.
 */
export function parseEnvText(text: string): EnvText {
  const rest = new Scanner(text.replaceAll(/\r\n?/g, '\n'));
  const found: EnvText = { assignments: [], strayLines: [] };
  while (!rest.isAtEnd) {
    if (rest.take(BLANK)) continue;
    const { line } = rest;
    const name = rest.take(NAME)?.[1];
    if (name !== undefined) found.assignments.push({ name, line, ...valueAt(rest) });
    else if (rest.take(LINE)) found.strayLines.push(line);
  }
  return found;
}

function valueAt(rest: Scanner): { value: string; trap?: string } {
  const quoted = rest.take(QUOTED);
  if (quoted) {
    const [, quote, content = '', behind = ''] = quoted;
    const value = quote === '"' ? content.replaceAll('\\n', '\n') : content;
    if (behind === '' || behind.startsWith('#')) return { value };
    if (!content.includes('\n')) return { value, trap: 'goes on after its closing quote' };
    // The closing quote opens the value of a later line.
    rest.back();
  }
  const line = rest.take(LINE)?.[1] ?? '';
  const value = line.replace(/(?<=\s)#.*$/, '').trim();
  if (/^["'`]/.test(value)) return { value, trap: 'has a quote that is not closed' };
  if (value.includes('#'))
    return { value, trap: 'has a #, which starts a comment in some programs: put the value in quotes' };
  return { value };
}

/** A position in a text. */
class Scanner {
  private index = 0;
  private last = { index: 0, line: 1 };
  line = 1;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.index >= this.text.length;
  }

  /** Matches a sticky pattern here, and moves past the match. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.index;
    const match = pattern.exec(this.text);
    if (!match) return undefined;
    this.last = { index: this.index, line: this.line };
    this.index += match[0].length;
    this.line += match[0].split('\n').length - 1;
    return match;
  }

  /** Moves back to the start of the last match. */
  back(): void {
    this.index = this.last.index;
    this.line = this.last.line;
  }
}
