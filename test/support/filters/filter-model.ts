import type { ShownItem } from './nasty-items.js';

/** A filter before it is written down. */
export type ModelFilter =
  | { join: ';' | ','; parts: ModelFilter[] }
  | { member: string; path?: string[]; operator: string; values: ModelValue[] };

/** A value before it is written down. `isBare`: without quotes, if that is possible. */
export interface ModelValue {
  text: string;
  isBare: boolean;
  isOpenBefore?: boolean;
  isOpenBehind?: boolean;
}

/** Whether an item passes a filter: the meaning of filters, written once more and as plainly as possible. */
export function passes(item: ShownItem, filter: ModelFilter): boolean {
  if ('join' in filter) {
    const outcomes = filter.parts.map((part) => passes(item, part));
    return filter.join === ';' ? outcomes.every(Boolean) : outcomes.some(Boolean);
  }
  const { operator } = filter;
  if (operator === '!=') return !passes(item, { ...filter, operator: '==' });
  if (operator === '=out=') return !passes(item, { ...filter, operator: '=in=' });
  const found = valuesOf(item, filter.member, filter.path);
  if (operator === '=ex=') return found.length > 0 === (filter.values[0]?.text === 'true');
  return filter.values.some((value) => found.some((one) => compares(one, operator, value, filter.member)));
}

/** What a selector names: the tags one by one, one value, or nothing. */
function valuesOf(item: ShownItem, member: string, path: string[] = []): unknown[] {
  if (member === 'tags') return item.tags;
  let value: unknown = item[member as keyof ShownItem];
  for (const name of path) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    value = isObject && Object.hasOwn(value as object, name) ? (value as Record<string, unknown>)[name] : undefined;
  }
  return value === undefined ? [] : [value];
}

function compares(found: unknown, operator: string, value: ModelValue, member: string): boolean {
  if (member.endsWith('At')) return ordered(nanoseconds(found as string), operator, nanoseconds(value.text));
  if (operator === '==' && (value.isOpenBefore || value.isOpenBehind))
    return typeof found === 'string' && like(found, value);
  const wanted = wantedOf(value, member);
  if (typeof found !== typeof wanted || (found === null) !== (wanted === null)) return false;
  if (operator === '==' || operator === '=in=') return found === wanted;
  if (typeof found === 'number') return ordered(found, operator, wanted as number);
  if (typeof found !== 'string') return false;
  return ordered(Buffer.compare(Buffer.from(found), Buffer.from(wanted as string)), operator, 0);
}

function wantedOf({ text, isBare }: ModelValue, member: string): unknown {
  if (member === 'version') return Number(text);
  if (member !== 'attributes' || !isBare) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? text : value;
  } catch {
    return text;
  }
}

function like(found: string, { text, isOpenBefore, isOpenBehind }: ModelValue): boolean {
  if (isOpenBefore && isOpenBehind) return found.includes(text);
  return isOpenBefore ? found.endsWith(text) : found.startsWith(text);
}

function ordered<T extends number | bigint>(found: T, operator: string, wanted: T): boolean {
  switch (operator) {
    case '=lt=':
      return found < wanted;
    case '=le=':
      return found <= wanted;
    case '=gt=':
      return found > wanted;
    case '=ge=':
      return found >= wanted;
    default:
      return found === wanted;
  }
}

/** Of times that were read already: a filter is compared with the same times of each item. */
const known = new Map<string, bigint>();

function nanoseconds(time: string): bigint {
  const read = known.get(time) ?? readNanoseconds(time);
  known.set(time, read);
  return read;
}

function readNanoseconds(time: string): bigint {
  const [, seconds, fraction = '', offset] = /^(.{19})(?:\.(\d+))?(Z|.{6})$/.exec(time) as unknown as string[];
  return BigInt(Date.parse(`${seconds}${offset}`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
