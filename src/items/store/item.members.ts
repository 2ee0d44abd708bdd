import type { Item } from './item.entity.js';

/** What the service must know about a member of an item. */
export type Member<Value> = {
  /** The column of the table items. */
  column: string;
  /** The type of the column. `json` is read and written as text. */
  type: 'varchar' | 'integer' | 'json';
} & Role<Value>;

/** What clients do with a member. */
type Role<Value> =
  /** Clients write it, and must. */
  | { role: 'required' }
  /** Clients may write it. `none` is its value if they leave it out or send null. */
  | { role: 'optional'; none: Value }
  /** Clients only read it. `jsonBytes`: the most bytes of its value in JSON, if they are few; else a page counts them. */
  | { role: 'read-only'; jsonBytes?: number }
  /** Clients do not see it. */
  | { role: 'internal' };

/**
 * The members of an item, in the order in which clients see them. Rows, statements, changes and JSON are made from this
 * list; a DTO that lacks a member of it, or has another one, does not compile (see {@link Exactly}).
 */
export const ITEM_MEMBERS = {
  id: { column: 'id', type: 'varchar', role: 'read-only' },
  name: { column: 'name', type: 'varchar', role: 'required' },
  description: { column: 'description', type: 'varchar', role: 'optional', none: null },
  tags: { column: 'tags', type: 'json', role: 'optional', none: [] },
  attributes: { column: 'attributes', type: 'json', role: 'optional', none: {} },
  version: { column: 'version', type: 'integer', role: 'read-only', jsonBytes: 10 },
  revision: { column: 'revision', type: 'varchar', role: 'internal' },
  createdAt: { column: 'created_at', type: 'varchar', role: 'read-only', jsonBytes: 26 },
  updatedAt: { column: 'updated_at', type: 'varchar', role: 'read-only', jsonBytes: 26 },
  deletedAt: { column: 'deleted_at', type: 'varchar', role: 'internal' },
} satisfies { [Name in keyof Item]: Member<Item[Name]> };

type Members = typeof ITEM_MEMBERS;
type Named<Facts> = { [Name in keyof Members]: Members[Name] extends Facts ? Name : never }[keyof Members];

/** A member that clients write. */
export type ContentMember = Named<{ role: 'required' | 'optional' }>;

/** A member that clients see. */
export type ShownMember = Exclude<keyof Members, Named<{ role: 'internal' }>>;

/** A member that the database keeps as JSON. */
export type JsonMember = Named<{ type: 'json' }>;

/** A DTO that `implements` this has these members and no others. */
export type Exactly<Dto, Name extends string> = Record<Exclude<Name, keyof Dto>, unknown> &
  Record<Exclude<keyof Dto, Name>, never>;

/** The names of the members that are wanted, in the order of the list. */
function namesOf(isWanted: (member: Member<unknown>) => boolean): string[] {
  return Object.entries<Member<unknown>>(ITEM_MEMBERS).flatMap(([name, member]) => (isWanted(member) ? [name] : []));
}

export const CONTENT_MEMBERS = namesOf(({ role }) => role === 'required' || role === 'optional') as ContentMember[];
export const READ_ONLY_MEMBERS = namesOf(({ role }) => role === 'read-only') as Exclude<ShownMember, ContentMember>[];
export const SHOWN_MEMBERS = namesOf(({ role }) => role !== 'internal') as ShownMember[];
export const JSON_MEMBERS = namesOf(({ type }) => type === 'json') as JsonMember[];

/** What clients write of an item, as it is kept. */
export type ItemContent = Pick<Item, ContentMember>;

/** The same as a client sends it: an optional member that it leaves out, or sends as null, has its value for none. */
export type SentContent = Pick<Item, Named<{ role: 'required' }>> & {
  [Name in Named<{ role: 'optional' }>]?: Item[Name] | null;
};

/** The content in what a client sent, or in an item. */
export function contentOf(sent: SentContent): ItemContent {
  return Object.fromEntries(CONTENT_MEMBERS.map((name) => [name, sent[name] ?? noneOf(name)])) as ItemContent;
}

function noneOf(name: ContentMember): unknown {
  const member: Member<unknown> = ITEM_MEMBERS[name];
  return member.role === 'optional' ? member.none : undefined;
}
