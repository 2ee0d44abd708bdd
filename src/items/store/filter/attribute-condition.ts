import pg from 'pg';
import type { Engine } from '../../../config/config.js';
import type { Pattern, Scalar, Test } from '../../filter/filter.js';
import type { Bindings } from '../bindings.js';
import { ATTRIBUTES_MAX_DEPTH } from '../item.limits.js';
import { nextDouble, previousDouble } from './doubles.js';
import { beginsWith, oneOf, textCondition } from './text-condition.js';

/*
 * Values are compared as JSON text where that is possible. It is the same text for equal values, since it was written by
 * JSON.stringify, and it tells types apart: 10 and "10".
 */

/** The most characters of a JSON text in an index of PostgreSQL. A longer one could not be written (54000). */
const INDEXED_LENGTH = 256;

/** What indexes on an attribute are made of. A condition uses them only if its expressions are the same, letter by letter. */
export interface AttributeIndexExpressions {
  /** For `==`, `=in=`, and beginnings of texts. */
  json: string;
  /** For numbers in an order. */
  number: string;
}

export function attributeIndexExpressions(path: string[], engine: Engine): AttributeIndexExpressions {
  const { json, number } = expressionsOf(path, engine);
  return { json: engine === 'postgres' ? cut(json) : json, number };
}

/** Whether the value at a path passes a test, without its negation. */
export function attributeCondition(path: string[], test: Test, engine: Engine, bindings: Bindings): string {
  // Nothing can be so deep, and PostgreSQL would nest its expression as deeply.
  if (path.length > ATTRIBUTES_MAX_DEPTH) return test.kind === 'exists' && !test.isThere ? 'TRUE' : 'FALSE';
  const at = expressionsOf(path, engine);
  switch (test.kind) {
    case 'exists':
      return `${at.value} IS ${test.isThere ? 'NOT ' : ''}NULL`;
    case 'equal':
      return equalCondition(at, test.values, engine, bindings);
    case 'like':
      return likeCondition(at, test.pattern, engine, bindings);
    case 'order':
      if (typeof test.value === 'number') return numberCondition(at, test.sign, test.value, engine, bindings);
      if (typeof test.value !== 'string') return 'FALSE';
      return `(${at.isText} AND ${textCondition(at.text, test, engine, bindings)})`;
  }
}

/** What can be asked of the value at a path; all NULL if there is none. */
interface Expressions {
  value: string;
  /** Its JSON text. */
  json: string;
  /** Whether it is a text. */
  isText: string;
  /** That text. */
  text: string;
  /** The double, if it is a number. */
  number: string;
}

function expressionsOf(path: string[], engine: Engine): Expressions {
  if (engine === 'sqlite') {
    // Not bound, or no index would serve it.
    const literal = `'$${path
      .map((name) => `.${JSON.stringify(name)}`)
      .join('')
      .replaceAll("'", "''")}'`;
    const value = `(attributes -> ${literal})`;
    const type = `json_type(attributes, ${literal})`;
    const text = `(attributes ->> ${literal})`;
    const number = `(CASE WHEN ${type} IN ('integer', 'real') THEN CAST(${text} AS REAL) END)`;
    return { value, json: value, isText: `${type} = 'text'`, text, number };
  }
  const names = path.map((name) => pg.escapeLiteral(name).trimStart());
  const value = `(attributes -> ${names.join(' -> ')})`;
  const text = `((${['attributes', ...names.slice(0, -1)].join(' -> ')} ->> ${names.at(-1)}) COLLATE "C")`;
  const json = `(${value}::text)`;
  const number = `(CASE WHEN json_typeof(${value}) = 'number' THEN ${json}::float8 END)`;
  return { value, json, isText: `json_typeof(${value}) = 'string'`, text, number };
}

function cut(json: string): string {
  return `(left(${json}, ${INDEXED_LENGTH}) COLLATE "C")`;
}

function equalCondition({ json }: Expressions, values: Scalar[], engine: Engine, bindings: Bindings): string {
  // 1e400 is Infinity, which equals nothing, and which JSON.stringify would write as null.
  const texts = values
    .filter((value) => value !== Infinity && value !== -Infinity)
    .map((value) => JSON.stringify(value));
  if (engine === 'sqlite') return oneOf(json, texts, engine, bindings);
  const beginnings = texts.map(beginningOf);
  const condition = oneOf(cut(json), beginnings, engine, bindings);
  const isWhole = beginnings.every((beginning) => Array.from(beginning).length < INDEXED_LENGTH);
  return isWhole ? condition : `(${condition} AND ${oneOf(json, texts, engine, bindings)})`;
}

/** As much of a JSON text as an index of PostgreSQL has. */
function beginningOf(json: string): string {
  return Array.from(json).slice(0, INDEXED_LENGTH).join('');
}

function likeCondition(at: Expressions, pattern: Pattern, engine: Engine, bindings: Bindings): string {
  if (pattern.isOpenBefore && pattern.text !== '') {
    return `(${at.isText} AND ${textCondition(at.text, { kind: 'like', pattern, isNegated: false }, engine, bindings)})`;
  }
  // A text begins so if its JSON text does: no escape is the beginning of another one.
  const json = JSON.stringify(pattern.text).slice(0, -1);
  if (engine === 'sqlite') return beginsWith(at.json, json, bindings);
  const beginning = beginningOf(json);
  const condition = beginsWith(cut(at.json), beginning, bindings);
  return beginning === json ? condition : `(${condition} AND starts_with(${at.json}, ${bindings.add(json)}))`;
}

function numberCondition(
  at: Expressions,
  sign: '<' | '<=' | '>' | '>=',
  value: number,
  engine: Engine,
  bindings: Bindings,
): string {
  if (engine === 'postgres') return `${at.number} ${sign} ${bindings.add(value)}::float8`;
  // SQLite may read a number as one of the two doubles beside it. So the limit is moved, and what it wrongly lets in is known
  // by its text. It does not know how many numbers are beyond the limit; see orderCondition.
  const outwards = sign.startsWith('<') ? nextDouble : previousDouble;
  const excluded = sign.endsWith('=') ? outwards(value) : value;
  const within = `${at.number} ${sign.startsWith('<') ? '<=' : '>='} ${bindings.add(excluded)}`;
  const texts = [excluded, outwards(excluded)].map((number) => bindings.add(JSON.stringify(number)));
  return `(unlikely(${within}) AND ${at.json} NOT IN (${texts.join(', ')}))`;
}
