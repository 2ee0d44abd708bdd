import { pointerTo, type InputFault } from '../problems/problem.js';
import { isExactNumber } from './exact-number.js';

/** What the text of a JSON document shows and its parsed value hides. */
export interface JsonScan {
  /** Index (UTF-16 units) of the first character that no JSON text could have there; absent in valid JSON. */
  brokenAt?: number;
  /** The pointer of that place, unless it is very long. */
  brokenIn?: string;
  /** Numbers, strings and names that could not be read back as sent, in the order of the document. */
  faults: InputFault[];
  /** Where the document, and the last value of each of its members, begins: by JSON Pointer. */
  places: Map<string, number>;
}

interface Frame {
  isArray: boolean;
  index: number;
  name: string;
}

type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'nothing';

const SPACE = /[ \t\n\r]*/y;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![.eE\d])/y;
const LITERAL = /true|false|null/y;

// The longest beginning of each, up to where a broken one goes wrong.
const STRING_START =
  /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*(?:\\(?:u[0-9a-fA-F]{0,3})?)?/y;
const NUMBER_START = /-?(?:(?:0|[1-9]\d*)(?:\.(?!\d)|(?:\.\d+)?(?:[eE][+-]?\d*)?))?/y;
const LITERAL_START = /t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?/y;

const MAX_FAULTS = 100;
const MAX_DEPTH_SHOWN = 64;
const MAX_POINTER_LENGTH = 1_000;
const MAX_POINTERS_LENGTH = 100_000;

/**
 * Reads JSON text (RFC 8259) token by token, without recursion, and names what JSON.parse would change in silence:
 * numbers that a double can't hold, U+0000 and lone surrogates in strings and names, and the name `__proto__`.
 * At most 100 faults are collected, and no more once their pointers are longer than 100,000 characters together.
 */
export function scanJson(text: string): JsonScan {
  const faults: InputFault[] = [];
  const places = new Map<string, number>();
  const stack: Frame[] = [];
  let expected = 'value' as Expected;
  let at = 0;
  let pointersLength = 0;

  const match = (token: RegExp): string | undefined => {
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const read = (token: RegExp, start: RegExp): string | undefined => {
    const found = match(token);
    if (found === undefined) match(start);
    return found;
  };
  const report = (fault: Fault | undefined, token: string) => {
    if (!fault || faults.length === MAX_FAULTS || pointersLength > MAX_POINTERS_LENGTH) return;
    const pointer = pointerOf(stack);
    pointersLength += pointer.length;
    faults.push({ pointer, ...fault, position: at - token.length });
  };
  const open = (isArray: boolean) => {
    stack.push({ isArray, index: 0, name: '' });
    expected = isArray ? 'value or end' : 'name or end';
    at += 1;
  };
  const close = () => {
    stack.pop();
    expected = stack.length > 0 ? 'comma or end' : 'nothing';
    at += 1;
  };
  const readValue = (character: string): boolean => {
    if (stack.length === 0 || (stack.length === 1 && !stack[0]?.isArray)) places.set(pointerOf(stack), at);
    if (character === '{' || character === '[') {
      open(character === '[');
      return true;
    }
    const token =
      character === '"'
        ? read(STRING, STRING_START)
        : /[-\d]/.test(character)
          ? read(NUMBER, NUMBER_START)
          : read(LITERAL, LITERAL_START);
    if (token === undefined) return false;
    report(character === '"' ? stringFault(token) : numberFault(token), token);
    expected = stack.length > 0 ? 'comma or end' : 'nothing';
    return true;
  };
  const readName = (frame: Frame): boolean => {
    const token = read(STRING, STRING_START);
    if (token === undefined) return false;
    frame.name = JSON.parse(token) as string;
    report(frame.name === '__proto__' ? RESERVED_NAME : stringFault(token), token);
    expected = 'colon';
    return true;
  };

  const broken = (): JsonScan => {
    const pointer = stack.length > MAX_DEPTH_SHOWN ? undefined : pointerOf(stack);
    const brokenIn = (pointer?.length ?? Infinity) > MAX_POINTER_LENGTH ? undefined : pointer;
    return { brokenAt: at, brokenIn, faults, places };
  };

  for (match(SPACE); at < text.length; match(SPACE)) {
    const character = text.charAt(at);
    const frame = stack.at(-1);
    const isEnd = expected.endsWith('or end') && character === (frame?.isArray ? ']' : '}');
    if (isEnd) {
      close();
    } else if (expected === 'colon' && character === ':') {
      expected = 'value';
      at += 1;
    } else if (expected === 'comma or end' && frame && character === ',') {
      frame.index += 1;
      expected = frame.isArray ? 'value' : 'name';
      at += 1;
    } else if (frame && expected.startsWith('name')) {
      if (!readName(frame)) return broken();
    } else if (!expected.startsWith('value') || !readValue(character)) {
      return broken();
    }
  }
  return expected === 'nothing' ? { faults, places } : broken();
}

type Fault = Pick<InputFault, 'rule' | 'detail'>;

const RESERVED_NAME: Fault = { rule: 'reserved-name', detail: 'The member name __proto__ is not taken.' };

function stringFault(token: string): Fault | undefined {
  // The text is well-formed UTF-8, so only an escape can bring in what the databases refuse.
  if (!token.includes('\\u')) return undefined;
  const value = JSON.parse(token) as string;
  if (value.includes('\u0000')) return { rule: 'no-nul', detail: 'U+0000 is not taken in strings and names.' };
  if (!value.isWellFormed()) return { rule: 'unicode', detail: 'A surrogate without its partner is not a character.' };
  return undefined;
}

function numberFault(token: string): Fault | undefined {
  if (!/\d/.test(token) || isExactNumber(token)) return undefined;
  return {
    rule: 'exact-number',
    detail: `${token.slice(0, 40)} is no number that a double holds exactly as written; send it as a string.`,
  };
}

function pointerOf(stack: Frame[]): string {
  return stack.map((frame) => (frame.isArray ? `/${frame.index}` : pointerTo(frame.name))).join('');
}
