import { PLAIN_NAME, RESERVED } from './attribute-names.js';
import { faultAt, type FilterFault } from './filter-fault.js';

const SPACE = /[ \t\r\n]*/y;
const WORD = /[^"'();,=!~<> \t\r\n]+/y;
const NAME = new RegExp(PLAIN_NAME, 'y');
const OPERATOR = /=[A-Za-z]*=|!=|[<>]=?/y;
const QUOTED = { '"': /"(?:[^"\\]|\\[^])*"/y, "'": /'(?:[^'\\]|\\[^])*'/y };

/** Signs, each with its backslash if it has one. Outside of quotes a backslash is itself, but before a star. */
const SIGNS_OF_WORD = /\\\*|[^]/gu;
const SIGNS_IN_QUOTES = /\\[^]|[^]/gu;
const ESCAPED = /^\\["'\\*]$/;

/** A value as it is written. */
export interface WrittenValue {
  /** Where it begins, as an index of the text. */
  index: number;
  /** Without quotes and backslashes. */
  text: string;
  isQuoted: boolean;
  /** Whether its first or last sign is a star without a backslash. */
  startsWithStar: boolean;
  endsWithStar: boolean;
}

/** Reads the parts of a filter one after the other. Throws FilterFault. */
export class FilterScanner {
  /** In UTF-16 units, as strings are indexed. */
  private index = 0;

  constructor(private readonly text: string) {}

  /** Skips space. Where the next part begins. */
  begin(): number {
    this.take(SPACE);
    return this.index;
  }

  isAtEnd(): boolean {
    return this.begin() === this.text.length;
  }

  /** Takes this sign or word, if it is next. */
  skip(wanted: string): boolean {
    const index = this.begin();
    if ((this.take(WORD) ?? this.text[index]) !== wanted) {
      this.index = index;
      return false;
    }
    this.index = index + wanted.length;
    return true;
  }

  /** An operator, of whatever name. */
  operator(): string | undefined {
    this.begin();
    return this.take(OPERATOR);
  }

  /** The first name of a selector. */
  name(): string | undefined {
    this.begin();
    return this.take(NAME);
  }

  /** The next name of a selector, if a dot comes first. */
  furtherName(): string | undefined {
    if (this.text[this.index] !== '.') return undefined;
    this.index += 1;
    const name = this.quoted()?.text ?? this.take(NAME);
    if (name === undefined)
      throw this.fault(this.index, `a name, in quotes if it has a dot, a space or one of ${RESERVED}`);
    return name;
  }

  value(): WrittenValue {
    const index = this.begin();
    const quoted = this.quoted();
    if (quoted) return quoted;
    const word = this.take(WORD);
    if (word === undefined) throw this.fault(index, `a value, in quotes if it has a space or one of ${RESERVED}`);
    return { index, isQuoted: false, ...read(word.match(SIGNS_OF_WORD) ?? []) };
  }

  /** A fault at an index of the text. */
  fault(index: number, expected: string): FilterFault {
    return faultAt(this.text, index, expected);
  }

  private quoted(): WrittenValue | undefined {
    const index = this.index;
    const quote = this.text[index];
    if (quote !== '"' && quote !== "'") return undefined;
    const quoted = this.take(QUOTED[quote]);
    if (quoted === undefined) throw this.fault(this.text.length, `${quote}, the end of the text in quotes`);
    const signs = quoted.slice(1, -1).match(SIGNS_IN_QUOTES) ?? [];
    let at = index + 1;
    for (const sign of signs) {
      const isWrong = sign.length > 1 && sign.startsWith('\\') && !ESCAPED.test(sign);
      if (isWrong) throw this.fault(at + 1, `", ', \\ or * behind a backslash; a backslash itself is \\\\`);
      at += sign.length;
    }
    return { index, isQuoted: true, ...read(signs) };
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.index;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.index += found.length;
    return found;
  }
}

function read(signs: string[]): Pick<WrittenValue, 'text' | 'startsWithStar' | 'endsWithStar'> {
  return {
    text: signs.map((sign) => (sign.length > 1 && sign.startsWith('\\') ? sign.slice(1) : sign)).join(''),
    startsWithStar: signs[0] === '*',
    endsWithStar: signs.at(-1) === '*',
  };
}
