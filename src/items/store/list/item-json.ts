import type { Engine } from '../../../config/config.js';
import { ITEM_MEMBERS, type Member } from '../item.members.js';
import type { ListedMember } from './projection.js';

/*
 * Items as JSON, written by the database. Its values would otherwise be taken over one by one, and a list of twenty items
 * would cost as much as fifteen reads by id.
 */

/** A value as JSON, the same text as that of JSON.stringify. Columns of JSON hold such text. */
const VALUE: Record<Engine, (member: Member<unknown>) => string> = {
  sqlite: ({ column, type }) => (type === 'json' ? column : `json_quote(${column})`),
  postgres: ({ column, type }) => `${type === 'json' ? column : `to_json(${column})`}::text`,
};

/** SQL for an item as JSON, with these members; one that is null is left out. */
export function itemJson(members: ListedMember[], engine: Engine): string {
  const texts = members.map((name) =>
    unlessNull(ITEM_MEMBERS[name], `',"${name}":' || ${VALUE[engine](ITEM_MEMBERS[name])}`, `''`),
  );
  return `'{' || substr(${texts.join(' || ')}, 2) || '}'`;
}

/** SQL for the number of bytes of that JSON. It reads no JSON column, whose length is known. */
export function itemBytes(members: ListedMember[], engine: Engine): string {
  const bytes = members.map((name) => {
    const member: Member<unknown> = ITEM_MEMBERS[name];
    const ofName = name.length + 4;
    const known = member.role === 'read-only' ? member.jsonBytes : undefined;
    return known === undefined
      ? unlessNull(member, `${ofName} + octet_length(${VALUE[engine](member)})`, '0')
      : ofName + known;
  });
  return `2 + ${bytes.join(' + ')}`;
}

function unlessNull({ column }: Member<unknown>, sql: string, otherwise: string): string {
  return `CASE WHEN ${column} IS NULL THEN ${otherwise} ELSE ${sql} END`;
}
