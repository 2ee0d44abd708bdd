import { faultAt, FilterFault } from './filter-fault.js';
import { FilterScanner } from './filter-scanner.js';
import { PLAIN_MEMBERS, type Comparison, type Filter, type Group, type PlainMember, type Selector } from './filter.js';
import { isOperator, OPERATOR_NAMES, testOf } from './operators.js';

/** The most comparisons of a filter. */
export const MAX_COMPARISONS = 50;

/** How deep parentheses may be nested, plus 1: a filter without any has depth 1. */
export const MAX_DEPTH = 10;

/** The longest filter, in bytes of UTF-8. */
export const MAX_BYTES = 4_096;

const SELECTOR = `a selector: ${PLAIN_MEMBERS.join(', ')} or attributes.<name>`;
const OPERATOR = `an operator: ${OPERATOR_NAMES.join(', ')}`;

/** What no text of an item can have, so that it can't be looked for either. */
const NO_CHARACTER = /[\0\p{Surrogate}]/u;

/**
 * Reads a filter in RSQL (github.com/jirutka/rsql-parser). `,` and `or` bind less than `;` and `and`. Takes linear time.
 * Throws FilterFault.
 */
export function parseFilter(text: string): Filter {
  requireFit(text);
  return new FilterParser(text).whole();
}

function requireFit(text: string): void {
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES) {
    throw new FilterFault(lengthOfFit(text), `the end: a filter has at most ${MAX_BYTES} bytes of UTF-8`);
  }
  const wrong = text.search(NO_CHARACTER);
  if (wrong !== -1) throw faultAt(text, wrong, 'no U+0000 and no half of a surrogate pair');
}

/** How many code points are within the bounds. */
function lengthOfFit(text: string): number {
  let [bytes, length] = [0, 0];
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > MAX_BYTES) break;
    length += 1;
  }
  return length;
}

class FilterParser {
  private readonly scanner: FilterScanner;
  private comparisons = 0;
  private depth = 1;

  constructor(text: string) {
    this.scanner = new FilterScanner(text);
  }

  whole(): Filter {
    const filter = this.either();
    if (!this.scanner.isAtEnd())
      throw this.scanner.fault(this.scanner.begin(), 'the end, or ; and , or; a value with spaces needs quotes');
    return filter;
  }

  private either(): Filter {
    return this.chain('or', ',', () => this.all());
  }

  private all(): Filter {
    return this.chain('and', ';', () => this.part());
  }

  private chain(kind: Group['kind'], sign: string, part: () => Filter): Filter {
    const first = part();
    const parts = [first];
    while (this.scanner.skip(sign) || this.scanner.skip(kind)) parts.push(part());
    return parts.length === 1 ? first : { kind, parts };
  }

  private part(): Filter {
    const index = this.scanner.begin();
    if (!this.scanner.skip('(')) return this.comparison(index);
    if (this.depth === MAX_DEPTH)
      throw this.scanner.fault(index, `fewer parentheses: a filter has at most depth ${MAX_DEPTH}`);
    this.depth += 1;
    const inner = this.either();
    this.depth -= 1;
    if (!this.scanner.skip(')'))
      throw this.scanner.fault(this.scanner.begin(), '), or ; and , or; a value with spaces needs quotes');
    return inner;
  }

  private comparison(index: number): Comparison {
    if (this.comparisons === MAX_COMPARISONS) {
      throw this.scanner.fault(index, `fewer comparisons: a filter has at most ${MAX_COMPARISONS}`);
    }
    this.comparisons += 1;
    const selector = this.selector(index);
    const operatorIndex = this.scanner.begin();
    const operator = this.scanner.operator();
    if (!isOperator(operator)) throw this.scanner.fault(operatorIndex, OPERATOR);
    const values = operator === '=in=' || operator === '=out=' ? this.list() : [this.scanner.value()];
    const test = testOf(selector, operator, values, (value, expected) => this.scanner.fault(value.index, expected));
    return { kind: 'comparison', selector, test };
  }

  private selector(index: number): Selector {
    const member = this.scanner.name();
    const path: string[] = [];
    for (;;) {
      const name = this.scanner.furtherName();
      if (name === undefined) break;
      path.push(name);
    }
    if (member === 'attributes' && path.length > 0) return { member, path };
    if (member !== undefined && isPlain(member) && path.length === 0) return { member };
    throw this.scanner.fault(index, SELECTOR);
  }

  private list(): ReturnType<FilterScanner['value']>[] {
    if (!this.scanner.skip('(')) throw this.scanner.fault(this.scanner.begin(), 'values in parentheses, such as (a,b)');
    const values = [this.scanner.value()];
    while (this.scanner.skip(',')) values.push(this.scanner.value());
    if (!this.scanner.skip(')')) throw this.scanner.fault(this.scanner.begin(), '), or a comma and a value');
    return values;
  }
}

function isPlain(name: string): name is PlainMember {
  return (PLAIN_MEMBERS as readonly string[]).includes(name);
}
