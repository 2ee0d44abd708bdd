import { termsOf } from '../search/terms.js';
import type { Item } from './item.entity.js';
import { ITEM_MEMBERS, JSON_MEMBERS, type Member } from './item.members.js';
import type { ItemVersion } from './item-version.js';
import type { WriteSet } from './write-set.js';

/*
 * What is written, as JSON for the parameters of the writing statements. JSON inside it is a string, so that neither engine formats it
 * again.
 */

/** The members of a version that are written, in the order of their arrays. */
export const VERSION_MEMBERS = [
  'itemId',
  'version',
  'operation',
  'snapshot',
  'actor',
  'requestId',
  'commandId',
  'at',
] as const satisfies (keyof ItemVersion)[];

const ITEM_VALUES = Object.entries<Member<unknown>>(ITEM_MEMBERS).map(([name, { type }]) => (item: Item) => {
  const value = item[name as keyof Item];
  return type === 'json' ? JSON.stringify(value) : value;
});

/**
 * The rows of a set for SQLite, each an array: to find a value by its place takes half as long as by its name.
 * - `kept`: items whose name and createdAt stay, and new ones. The indexes on both need not be written again.
 * - `moved`: the other items. Their members are in the order of ITEM_MEMBERS.
 * - `versions`: VERSION_MEMBERS of each, in order.
 * - `terms`: id and version of each item, its terms, and the version that had its terms before; null if there is none.
 * Yields after each row.
 */
export function* arraysOf(set: WriteSet): Generator<void, Record<'kept' | 'moved' | 'versions' | 'terms', string>> {
  const { changes, before } = set;
  const kept: string[] = [];
  const moved: string[] = [];
  const terms: string[] = [];
  for (const item of lastStates(set)) {
    const row = before.get(item.id);
    const isKept = !row || (row.name === item.name && row.createdAt === item.createdAt);
    (isKept ? kept : moved).push(JSON.stringify(ITEM_VALUES.map((valueOf) => valueOf(item))));
    terms.push(JSON.stringify([item.id, item.version, termsOf(item), row?.version ?? null]));
    yield;
  }
  const versions: string[] = [];
  for (const { version } of changes) {
    const values = VERSION_MEMBERS.map((name) => (name === 'snapshot' ? textOf(version.snapshot) : version[name]));
    versions.push(JSON.stringify(values));
    yield;
  }
  return { kept: listOf(kept), moved: listOf(moved), versions: listOf(versions), terms: listOf(terms) };
}

/**
 * The rows of a set for PostgreSQL, each an object. `terms` has id and terms of the items that do not have the same already. Yields after
 * each row.
 */
export function* objectsOf(set: WriteSet): Generator<void, Record<'items' | 'versions' | 'terms', string>> {
  const items: string[] = [];
  const terms: string[] = [];
  for (const item of lastStates(set)) {
    items.push(JSON.stringify({ ...item, ...jsonTexts(item) }));
    if (!hasTerms(item, set.before.get(item.id))) terms.push(JSON.stringify({ id: item.id, terms: termsOf(item) }));
    yield;
  }
  const versions: string[] = [];
  for (const { version } of set.changes) {
    versions.push(JSON.stringify({ ...version, snapshot: textOf(version.snapshot) }));
    yield;
  }
  return { items: listOf(items), versions: listOf(versions), terms: listOf(terms) };
}

function listOf(texts: string[]): string {
  return `[${texts.join(',')}]`;
}

/** The items, each once: if one changed more than once, its last state. */
function lastStates({ changes }: WriteSet): Item[] {
  return [...new Map(changes.map(({ item }) => [item.id, item])).values()];
}

function jsonTexts(item: Item): object {
  return Object.fromEntries(JSON_MEMBERS.map((name) => [name, JSON.stringify(item[name])]));
}

function textOf(snapshot: object | null): string | null {
  return snapshot && JSON.stringify(snapshot);
}

/** Whether the terms that belong to a row are those of the item. An operator may have erased those of a deleted one. */
function hasTerms(item: Item, row: Item | undefined): boolean {
  return row?.deletedAt === null && sourceOf(row) === sourceOf(item);
}

/** What terms are made from. */
function sourceOf({ name, description, tags }: Item): string {
  return JSON.stringify([name, description, tags]);
}
