import type { Engine } from '../../../config/config.js';
import type { Comparison, Filter, PlainMember, Test } from '../../filter/filter.js';
import type { Bindings } from '../bindings.js';
import { ITEM_MEMBERS } from '../item.members.js';
import { attributeCondition } from './attribute-condition.js';
import { tagCondition } from './tag-condition.js';
import { textCondition } from './text-condition.js';

/**
 * A filter as an expression about the columns of the table `items`. It is TRUE where the filter matches; elsewhere it is
 * FALSE or NULL, so it may be joined by AND and OR, but not negated. Values are bound.
 */
export function filterCondition(filter: Filter, engine: Engine, bindings: Bindings): string {
  if (filter.kind === 'comparison') return comparisonCondition(filter, engine, bindings);
  const parts = filter.parts.map((part) => filterCondition(part, engine, bindings));
  return `(${parts.join(filter.kind === 'and' ? ' AND ' : ' OR ')})`;
}

function comparisonCondition({ selector, test }: Comparison, engine: Engine, bindings: Bindings): string {
  const condition =
    selector.member === 'attributes'
      ? attributeCondition(selector.path, test, engine, bindings)
      : memberCondition(selector.member, test, engine, bindings);
  const isNegated = (test.kind === 'equal' || test.kind === 'like') && test.isNegated;
  return isNegated ? `(${condition}) IS NOT TRUE` : condition;
}

/** Whether the test holds, without its negation. */
function memberCondition(member: PlainMember, test: Test, engine: Engine, bindings: Bindings): string {
  if (member === 'tags') return tagCondition(test, engine, bindings);
  const { column, type } = ITEM_MEMBERS[member];
  if (test.kind === 'exists') return `${column} IS ${test.isThere ? 'NOT ' : ''}NULL`;
  if (type === 'integer') return integerCondition(column, test, engine, bindings);
  return textCondition(byCodePoint(column, engine), test, engine, bindings);
}

/** Ids and names have this collation by themselves. Their indexes are used either way. */
function byCodePoint(column: string, engine: Engine): string {
  return engine === 'postgres' ? `${column} COLLATE "C"` : column;
}

function integerCondition(column: string, test: Test, engine: Engine, bindings: Bindings): string {
  // Any number may be asked for, also one that no integer is equal to.
  const double = engine === 'postgres' ? '::float8' : '';
  if (test.kind === 'order') return `${column}${double} ${test.sign} ${bindings.add(test.value)}${double}`;
  if (test.kind !== 'equal') return 'FALSE';
  return `${column}${double} IN (${test.values.map((value) => `${bindings.add(value)}${double}`).join(', ')})`;
}
