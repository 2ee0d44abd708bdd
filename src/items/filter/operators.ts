import type { FilterFault } from './filter-fault.js';
import type { WrittenValue } from './filter-scanner.js';
import type { Scalar, Selector, Test } from './filter.js';
import { parseTime } from './time-value.js';

const OPERATORS = {
  '==': 'equal',
  '!=': 'equal',
  '=in=': 'equal',
  '=out=': 'equal',
  '=lt=': '<',
  '=le=': '<=',
  '=gt=': '>',
  '=ge=': '>=',
  '=ex=': 'exists',
  // The other spellings of RSQL.
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
} as const;

export type Operator = keyof typeof OPERATORS;

export const OPERATOR_NAMES = Object.keys(OPERATORS) as Operator[];

export function isOperator(name: string | undefined): name is Operator {
  return name !== undefined && Object.hasOwn(OPERATORS, name);
}

/** Makes the fault of a value. */
type MakeFault = (value: WrittenValue, expected: string) => FilterFault;

/** RFC 8259 §6, §3. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const JSON_SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** What an operator with these values asks of what the selector names. Throws what `fault` makes. */
export function testOf(selector: Selector, operator: Operator, values: WrittenValue[], fault: MakeFault): Test {
  const kind = OPERATORS[operator];
  const [value] = values as [WrittenValue, ...WrittenValue[]];
  if (kind === 'exists') return { kind, isThere: truthOf(value, fault) };
  if (selector.member === 'createdAt' || selector.member === 'updatedAt') return timeTest(operator, values, fault);
  const scalarOf = (one: WrittenValue) => typed(selector, one, fault);
  if (kind !== 'equal') return { kind: 'order', sign: kind, value: scalarOf(value) };
  const isNegated = operator === '!=' || operator === '=out=';
  const takesStars = (operator === '==' || operator === '!=') && selector.member !== 'version';
  if (takesStars && (value.startsWithStar || value.endsWithStar)) return like(value, isNegated);
  return { kind, values: values.map(scalarOf), isNegated };
}

function like({ text, startsWithStar, endsWithStar }: WrittenValue, isNegated: boolean): Test {
  const inner = text.slice(startsWithStar ? 1 : 0, endsWithStar && text !== '*' ? -1 : undefined);
  return {
    kind: 'like',
    pattern: { text: inner, isOpenBefore: startsWithStar, isOpenBehind: endsWithStar },
    isNegated,
  };
}

function typed({ member }: Selector, value: WrittenValue, fault: MakeFault): Scalar {
  if (member === 'version') {
    if (!JSON_NUMBER.test(value.text)) throw fault(value, 'a number');
    return Number(value.text);
  }
  if (member !== 'attributes' || value.isQuoted) return value.text;
  return JSON_SCALAR.test(value.text) ? (JSON.parse(value.text) as Scalar) : value.text;
}

function truthOf(value: WrittenValue, fault: MakeFault): boolean {
  if (value.text !== 'true' && value.text !== 'false') throw fault(value, 'true or false');
  return value.text === 'true';
}

/** Times are stored to the millisecond. One between two of them equals none, and what comes after the earlier comes after it. */
function timeTest(operator: Operator, values: WrittenValue[], fault: MakeFault): Test {
  const times = values.map((value) => {
    const time = parseTime(value.text);
    if (!time)
      throw fault(value, 'a time of RFC 3339, such as 2026-01-31T12:00:00Z; the + of an offset is %2B in a URL');
    return time;
  });
  const kind = OPERATORS[operator];
  if (kind === 'exists' || kind === 'equal') {
    const equal = times.filter(({ isExact }) => isExact).map(({ stored }) => stored);
    return { kind: 'equal', values: equal, isNegated: operator === '!=' || operator === '=out=' };
  }
  const [{ stored, isExact }] = times as [{ stored: string; isExact: boolean }];
  if (isExact) return { kind: 'order', sign: kind, value: stored };
  return { kind: 'order', sign: kind === '<' || kind === '<=' ? '<=' : '>', value: stored };
}
