const [TAB, LINE_FEED, RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
const [QUOTE, PLUS, MINUS, DOT, ZERO, BACKSLASH] = [0x22, 0x2b, 0x2d, 0x2e, 0x30, 0x5c];
const [SMALL_E, SMALL_U] = [0x65, 0x75];
const ESCAPED = new Set('"\\/bfnrt'.split('').map((character) => character.charCodeAt(0)));

// These match a token up to the place where it breaks.
const STRING_START =
  /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*(?:\\(?:u[0-9a-fA-F]{0,3})?)?/y;
const NUMBER_START = /-?(?:(?:0|[1-9]\d*)(?:\.(?!\d)|(?:\.\d+)?(?:[eE][+-]?\d*)?))?/y;
const LITERAL_START = /t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?/y;

/** A character that the databases refuse, and that only an escape can bring into a string. */
export type StringFlaw = 'none' | 'nul' | 'surrogate';

/** Reads the tokens of JSON text (RFC 8259 §7, §6). Looks at each character once and copies none. */
export class JsonTokens {
  /** Whether the last string had escapes. */
  hasEscapes = false;

  /** `at` is where the next token begins or, after a broken token, where that breaks. */
  constructor(
    private readonly text: string,
    public at = 0,
  ) {}

  /** The next character after white space, as a UTF-16 unit; NaN at the end. */
  next(): number {
    for (; ; this.at += 1) {
      const character = this.text.charCodeAt(this.at);
      if (character !== SPACE && character !== LINE_FEED && character !== RETURN && character !== TAB) return character;
    }
  }

  /** Reads a string; undefined if it is broken. The text is well-formed, so only escapes can bring in flaws. */
  readString(): StringFlaw | undefined {
    const { text } = this;
    let flaw: StringFlaw = 'none';
    let highSurrogateEnd = -1;
    let at = this.at + 1;
    this.hasEscapes = false;
    if (text.charCodeAt(this.at) !== QUOTE) return undefined;
    for (;;) {
      const character = text.charCodeAt(at);
      if (character === BACKSLASH) {
        const length = text.charCodeAt(at + 1) === SMALL_U ? 6 : 2;
        const unit = length === 6 ? hexAt(text, at + 2) : ESCAPED.has(text.charCodeAt(at + 1)) ? SPACE : -1;
        if (unit < 0) return this.breakIn(STRING_START);
        this.hasEscapes = true;
        const isLow = unit >= 0xdc00 && unit <= 0xdfff;
        if (isLow ? highSurrogateEnd !== at : highSurrogateEnd >= 0) flaw = worse(flaw, 'surrogate');
        if (unit === 0) flaw = 'nul';
        at += length;
        highSurrogateEnd = unit >= 0xd800 && unit <= 0xdbff ? at : -1;
      } else if (character >= SPACE) {
        if (highSurrogateEnd >= 0) {
          flaw = worse(flaw, 'surrogate');
          highSurrogateEnd = -1;
        }
        at += 1;
        if (character === QUOTE) break;
      } else {
        return this.breakIn(STRING_START);
      }
    }
    this.at = at;
    return flaw;
  }

  /** Reads a number; undefined if it is broken. `sound`: every number of this form fits a double. */
  readNumber(): 'sound' | 'to be checked' | undefined {
    const { text } = this;
    let end = text.charCodeAt(this.at) === MINUS ? this.at + 1 : this.at;
    const whole = end;
    end = digitsEnd(text, whole);
    const wholeEnd = end;
    let isNumber = end > whole && (end === whole + 1 || text.charCodeAt(whole) !== ZERO);
    if (isNumber && text.charCodeAt(end) === DOT) {
      const fraction = end + 1;
      end = digitsEnd(text, fraction);
      isNumber = end > fraction;
    }
    const mantissaEnd = end;
    if (isNumber && isExponent(text.charCodeAt(end))) {
      const sign = text.charCodeAt(end + 1);
      const exponent = sign === PLUS || sign === MINUS ? end + 2 : end + 1;
      end = digitsEnd(text, exponent);
      isNumber = end > exponent;
    }
    const after = text.charCodeAt(end);
    if (!isNumber || after === DOT || isExponent(after)) return this.breakIn(NUMBER_START);
    const digits = mantissaEnd - whole - (mantissaEnd > wholeEnd ? 1 : 0) - (text.charCodeAt(whole) === ZERO ? 1 : 0);
    // A double keeps integers of 15 digits, and other numbers of 17 digits with an exponent of up to two characters.
    const isShort = digits <= (end === wholeEnd ? 15 : 17) && end - mantissaEnd <= 3;
    this.at = end;
    return isShort ? 'sound' : 'to be checked';
  }

  /** Reads true, false or null; false if it is broken. */
  readLiteral(): boolean {
    const literal = ['true', 'false', 'null'].find((one) => this.text.startsWith(one, this.at));
    if (literal === undefined) this.breakIn(LITERAL_START);
    else this.at += literal.length;
    return literal !== undefined;
  }

  private breakIn(start: RegExp): undefined {
    start.lastIndex = this.at;
    this.at += start.exec(this.text)?.[0].length ?? 0;
  }
}

function digitsEnd(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

/** Whether a character is a digit; a number begins with one, or with a minus sign. */
export function isDigit(character: number): boolean {
  return character >= ZERO && character <= ZERO + 9;
}

// `| 0x20` makes it lower case.
function isExponent(character: number): boolean {
  return (character | 0x20) === SMALL_E;
}

/** The value of four hexadecimal digits; -1 if one of them is not a digit. */
function hexAt(text: string, start: number): number {
  let value = 0;
  for (let at = start; at < start + 4; at += 1) {
    const character = text.charCodeAt(at);
    const letter = character | 0x20;
    const digit = isDigit(character) ? character - ZERO : letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function worse(flaw: StringFlaw, other: StringFlaw): StringFlaw {
  return flaw === 'none' ? other : flaw;
}
