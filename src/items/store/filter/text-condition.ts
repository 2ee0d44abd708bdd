import type { Engine } from '../../../config/config.js';
import type { Pattern, Test } from '../../filter/filter.js';
import type { Bindings } from '../bindings.js';

/**
 * Whether a text passes a test, without its negation. An index on `text` serves it, unless it looks for what stands within or
 * at the end. `text`: an expression that sorts by code point; it may be NULL.
 */
export function textCondition(text: string, test: Test, engine: Engine, bindings: Bindings): string {
  switch (test.kind) {
    case 'equal':
      return oneOf(text, test.values.filter(isText), engine, bindings);
    case 'like':
      return likeCondition(text, test.pattern, engine, bindings);
    case 'order':
      return isText(test.value) ? orderCondition(text, test.sign, test.value, engine, bindings) : 'FALSE';
    case 'exists':
      return `${text} IS ${test.isThere ? 'NOT ' : ''}NULL`;
  }
}

function orderCondition(text: string, sign: string, value: string, engine: Engine, bindings: Bindings): string {
  const condition = `${text} ${sign} ${bindings.add(value)}`;
  // SQLite does not know how many texts are beyond a limit. It would guess so many that it reads all in the order of the list.
  return engine === 'sqlite' ? `unlikely(${condition})` : condition;
}

/** Whether a text is one of these. */
export function oneOf(text: string, values: string[], engine: Engine, bindings: Bindings): string {
  if (values.length === 0) return 'FALSE';
  if (values.length === 1) return `${text} = ${bindings.add(values[0])}`;
  if (engine === 'postgres') return `${text} = ANY(${bindings.add(values)}::text[])`;
  return `${text} IN (${values.map((value) => bindings.add(value)).join(', ')})`;
}

/** Whether a text begins so. */
export function beginsWith(text: string, prefix: string, bindings: Bindings): string {
  if (prefix === '') return `${text} IS NOT NULL`;
  const end = endOfPrefix(prefix);
  const isBehind = `${text} >= ${bindings.add(prefix)}`;
  return end === undefined ? isBehind : `(${isBehind} AND ${text} < ${bindings.add(end)})`;
}

function likeCondition(text: string, pattern: Pattern, engine: Engine, bindings: Bindings): string {
  if (!pattern.isOpenBefore || pattern.text === '') return beginsWith(text, pattern.text, bindings);
  const value = bindings.add(pattern.text);
  // Not LIKE: on SQLite it takes a for A.
  if (pattern.isOpenBehind) return `${engine === 'postgres' ? 'strpos' : 'instr'}(${text}, ${value}) > 0`;
  const length = Array.from(pattern.text).length;
  return `${engine === 'postgres' ? `right(${text}, ${length})` : `substr(${text}, -${length})`} = ${value}`;
}

/** The first text, by code point, behind all that begin with this one. */
function endOfPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === 0x10_ff_ff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // Surrogates are no characters.
  return String.fromCodePoint(...points, last === 0xd7_ff ? 0xe0_00 : last + 1);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
