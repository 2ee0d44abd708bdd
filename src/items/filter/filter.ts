/** A condition on items. A parsed filter has types: nothing in it depends on how it was written. */
export type Filter = Group | Comparison;

/** All parts hold (`and`), or one at least (`or`). It has two parts or more. */
export interface Group {
  kind: 'and' | 'or';
  parts: Filter[];
}

/** One member of the item is compared. */
export interface Comparison {
  kind: 'comparison';
  selector: Selector;
  test: Test;
}

/** The members that can be named, except attributes. */
export const PLAIN_MEMBERS = ['id', 'name', 'description', 'tags', 'version', 'createdAt', 'updatedAt'] as const;
export type PlainMember = (typeof PLAIN_MEMBERS)[number];

/** What is compared: a member, or the value at a path of names in `attributes`. */
export type Selector = { member: PlainMember } | { member: 'attributes'; path: string[] };

/** A JSON value without parts. Numbers are doubles; one that is too large is Infinity. */
export type Scalar = string | number | boolean | null;

/** What must hold of the value. `tags` pass if one of the tags does. Negated tests hold of what is absent, too. */
export type Test =
  /** It has the type and value of one of these. Of times, `values` are as they are stored. */
  | { kind: 'equal'; values: Scalar[]; isNegated: boolean }
  /** It is a text like the pattern. */
  | { kind: 'like'; pattern: Pattern; isNegated: boolean }
  /** It has the same type, and comes before or after: numbers by size, texts by code point. Other types have no order. */
  | { kind: 'order'; sign: '<' | '<=' | '>' | '>='; value: Scalar }
  /** It is there; null is. An absent description and an empty list of tags are not. */
  | { kind: 'exists'; isThere: boolean };

/** A text that anything may stand before or behind. One of both is open. */
export interface Pattern {
  text: string;
  isOpenBefore: boolean;
  isOpenBehind: boolean;
}
