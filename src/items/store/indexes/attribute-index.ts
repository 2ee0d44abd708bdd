import { createHash } from 'node:crypto';
import type { Engine } from '../../../config/config.js';
import type { AttributePath } from '../../../config/settings/indexed-attributes.js';
import { attributeIndexExpressions, type AttributeIndexExpressions } from '../filter/attribute-condition.js';

/** What an index serves: `json` is for `==`, `=in=` and beginnings of texts, `number` for numbers in an order. */
export type IndexKind = keyof AttributeIndexExpressions;

/** An index on an attribute. */
export interface AttributeIndex {
  /** No other index of the database begins as it does. It needs no quotes. */
  name: string;
  /** The attribute, as filters name it behind `attributes.`. */
  attribute: string;
  kind: IndexKind;
  /** What is indexed, as SQL. */
  expression: string;
}

/** How the names of all these indexes begin. */
export const INDEX_PREFIX = 'items_attribute_';

const KINDS: IndexKind[] = ['json', 'number'];

/** The indexes that serve filters on an attribute. */
export function attributeIndexesOf(path: AttributePath, engine: Engine): AttributeIndex[] {
  const expressions = attributeIndexExpressions(path, engine);
  return KINDS.map((kind) => {
    const expression = expressions[kind];
    return { name: nameOf(kind, expression), attribute: path.map(asName).join('.'), kind, expression };
  });
}

/** The kind of an index, by its name. */
export function kindOf(name: string): IndexKind | undefined {
  return KINDS.find((kind) => name.endsWith(`_${kind}`));
}

// Processes agree on it. An expression that a later release changes gets another one, since no condition uses the old index.
// PostgreSQL cuts names at 63 bytes.
function nameOf(kind: IndexKind, expression: string): string {
  return `${INDEX_PREFIX}${createHash('sha256').update(expression).digest('hex').slice(0, 16)}_${kind}`;
}

function asName(name: string): string {
  return /^[\p{L}\p{N}_-]+$/u.test(name) ? name : `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
