import { setImmediate } from 'node:timers/promises';
import { Faults } from '../../../problems/faults.js';
import { pointerTo, type InputFault } from '../../../problems/problem.js';
import { faultOfNumber } from './exact-number.js';
import { isDigit, JsonTokens, type StringFlaw } from './json-tokens.js';
import { wantedIn, type Wanted } from './wanted-places.js';

/** What the text of a JSON document shows, but not its parsed value. */
export interface JsonScan {
  /** Index (UTF-16 units) of the first character that JSON can't have there; absent in valid JSON. */
  brokenAt?: number;
  /** The pointer of that place, unless it is very long. */
  brokenIn?: string;
  /** Numbers, strings and names that would not come back as sent, in the order of the document. */
  faults: Faults;
  /** Number of values and member names. */
  count: number;
  /** Where the document and each wanted value in it begin, by JSON Pointer. Of equal names the last counts. */
  places: Map<string, number>;
}

type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'nothing';

const [COMMA, COLON, QUOTE, MINUS] = [0x2c, 0x3a, 0x22, 0x2d];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

const MAX_DEPTH_SHOWN = 64;
const MAX_POINTER_LENGTH = 1_000;

/**
 * Reads JSON text (RFC 8259) token by token, without recursion, and finds what JSON.parse would change silently or the
 * service does not take: numbers that don't fit a double, U+0000 and lone surrogates in strings and names, and the name
 * `__proto__`. A fault that lies very deep or under long names has the pointer of a value around it. `wanted` are the
 * pointers of the values whose places are noted.
 */
export function scanJson(text: string, wanted: string[] = []): JsonScan {
  return new JsonScanner(text, wanted).scan(Infinity)!;
}

/** How many tokens of a long text are read in one turn of the event loop: some milliseconds. */
const TOKENS_AT_ONCE = 10_000;

/**
 * Counts the values and names of a text without blocking other requests, and lists the names of the document's own
 * members. Looks for no faults.
 */
export async function countJson(text: string): Promise<{ scan: JsonScan; names: Set<string> }> {
  const names = new Set<string>();
  const scanner = new JsonScanner(text, [], names);
  for (;;) {
    const scan = scanner.scan(TOKENS_AT_ONCE);
    if (scan) return { scan, names };
    await setImmediate();
  }
}

class JsonScanner {
  private readonly tokens: JsonTokens;
  private readonly faults = new Faults();
  private readonly places = new Map<string, number>();
  /** What is wanted in each array and object around. The first entry holds the document alone. */
  private readonly wanted: (Wanted | undefined)[];
  /** For each array around: -1 - the index. For each object: where its last name begins, 0 before the first. */
  private readonly stack: number[] = [];
  private expected: Expected = 'value';
  private count = 0;
  /** The last name that was read. */
  private name = '';
  /** Names in pointers, by where they begin, so that a long one is read once. */
  private readonly namesAt = new Map<number, string>();

  constructor(
    private readonly text: string,
    wanted: string[],
    /** If given, it collects the names of the document's members, and no faults are looked for. */
    private readonly names?: Set<string>,
  ) {
    this.tokens = new JsonTokens(text);
    this.wanted = [{ within: new Map([['', wantedIn(wanted)]]) }];
  }

  /** Reads a number of tokens; undefined if the text goes on. */
  scan(tokenCount: number): JsonScan | undefined {
    const { faults, places, tokens } = this;
    for (let left = tokenCount; left > 0; left -= 1) {
      const next = tokens.next();
      if (Number.isNaN(next))
        return this.expected === 'nothing' ? { faults, places, count: this.count } : this.broken();
      if (!this.read(next)) return this.broken();
    }
    return undefined;
  }

  /** Reads a token that begins with this character; false if it is broken or can't stand here. */
  private read(character: number): boolean {
    switch (this.expected) {
      case 'value or end':
        return character === CLOSE_ARRAY ? this.close() : this.readValue(character);
      case 'value':
        return this.readValue(character);
      case 'name or end':
        return character === CLOSE_OBJECT ? this.close() : this.readName();
      case 'name':
        return this.readName();
      case 'colon':
        return character === COLON && this.step('value');
      case 'comma or end':
        return this.goOn(character);
      case 'nothing':
        return false;
    }
  }

  private goOn(character: number): boolean {
    const top = this.stack.length - 1;
    const around = this.stack[top] ?? 0;
    if (character === (around < 0 ? CLOSE_ARRAY : CLOSE_OBJECT)) return this.close();
    if (character !== COMMA) return false;
    if (around < 0) this.stack[top] = around - 1;
    return this.step(around < 0 ? 'value' : 'name');
  }

  private readValue(character: number): boolean {
    const { tokens, stack } = this;
    const start = tokens.at;
    this.count += 1;
    const wanted = this.notePlace();
    if (character === OPEN_ARRAY || character === OPEN_OBJECT) {
      this.wanted.push(wanted);
      stack.push(character === OPEN_ARRAY ? -1 : 0);
      return this.step(character === OPEN_ARRAY ? 'value or end' : 'name or end');
    }
    this.expected = stack.length > 0 ? 'comma or end' : 'nothing';
    if (character === QUOTE) {
      const flaw = tokens.readString();
      if (flaw !== undefined && flaw !== 'none') this.report(FLAWS[flaw], start);
      return flaw !== undefined;
    }
    if (character !== MINUS && !isDigit(character)) return tokens.readLiteral();
    const number = tokens.readNumber();
    if (number === 'to be checked') this.checkNumber(start);
    return number !== undefined;
  }

  private readName(): boolean {
    const { tokens, stack, text } = this;
    const start = tokens.at;
    const flaw = tokens.readString();
    if (flaw === undefined) return false;
    this.count += 1;
    stack[stack.length - 1] = start;
    this.name = tokens.hasEscapes ? nameAt(text, start) : text.slice(start + 1, tokens.at - 1);
    if (stack.length === 1) this.names?.add(this.name);
    if (this.name === '__proto__') this.report(RESERVED_NAME, start);
    else if (flaw !== 'none') this.report(FLAWS[flaw], start);
    return this.step('colon', 0);
  }

  private step(expected: Expected, length = 1): true {
    this.expected = expected;
    this.tokens.at += length;
    return true;
  }

  private close(): true {
    this.stack.pop();
    this.wanted.pop();
    return this.step(this.stack.length > 0 ? 'comma or end' : 'nothing');
  }

  /** Notes where a value begins, if that is wanted. Returns what is wanted within it. */
  private notePlace(): Wanted | undefined {
    const { stack, wanted } = this;
    const within = wanted.at(-1)?.within;
    if (!within) return undefined;
    const around = stack.at(-1);
    const here = within.get(around === undefined ? '' : around < 0 ? String(-1 - around) : this.name);
    if (here?.pointer !== undefined) this.places.set(here.pointer, this.tokens.at);
    return here;
  }

  private checkNumber(start: number): void {
    if (this.names) return;
    const literal = this.text.slice(start, this.tokens.at);
    const fault = faultOfNumber(literal);
    if (fault === undefined) return;
    const detail = `${literal.slice(0, 40)} ${fault}. Send it as a string.`;
    this.report({ rule: 'exact-number', detail }, start);
  }

  private report(fault: Fault, position: number): void {
    if (!this.names) this.faults.add(() => ({ pointer: this.pointer().pointer, ...fault, position }));
  }

  private broken(): JsonScan {
    const { tokens, faults, places, count } = this;
    const { pointer, isWhole } = this.pointer();
    return { brokenAt: tokens.at, brokenIn: isWhole ? pointer : undefined, faults, places, count };
  }

  /** The pointer of the current place; of a value around it, if it is very deep or has long names. */
  private pointer(): { pointer: string; isWhole: boolean } {
    let pointer = '';
    for (const one of this.stack.slice(0, MAX_DEPTH_SHOWN)) {
      const longer = pointer + (one < 0 ? `/${-1 - one}` : pointerTo(this.nameAt(one)));
      if (longer.length > MAX_POINTER_LENGTH) return { pointer, isWhole: false };
      pointer = longer;
    }
    return { pointer, isWhole: this.stack.length <= MAX_DEPTH_SHOWN };
  }

  private nameAt(start: number): string {
    const name = this.namesAt.get(start) ?? nameAt(this.text, start);
    this.namesAt.set(start, name);
    return name;
  }
}

type Fault = Pick<InputFault, 'rule' | 'detail'>;

const RESERVED_NAME: Fault = { rule: 'reserved-name', detail: 'The member name __proto__ is not allowed.' };

const FLAWS: Record<Exclude<StringFlaw, 'none'>, Fault> = {
  nul: { rule: 'no-nul', detail: 'U+0000 is not allowed in strings and names.' },
  surrogate: { rule: 'unicode', detail: 'A lone surrogate is not a character.' },
};

/** The name that begins there and was already read; empty before the first. */
function nameAt(text: string, start: number): string {
  if (start === 0) return '';
  const tokens = new JsonTokens(text, start);
  tokens.readString();
  return JSON.parse(text.slice(start, tokens.at)) as string;
}
