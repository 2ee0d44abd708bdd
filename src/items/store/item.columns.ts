import { ITEM_MEMBERS, type Member } from './item.members.js';

/** A member of an item, as statements write it. */
interface Column {
  name: string;
  /** Where it is in the list of members. */
  place: number;
  /** The name as SQL takes it. */
  quoted: string;
  column: string;
  type: Member<unknown>['type'];
}

const COLUMNS = Object.entries<Member<unknown>>(ITEM_MEMBERS).map(([name, { column, type }], place) => ({
  name,
  place,
  // PostgreSQL takes a name without quotes in lower case.
  quoted: name === column ? name : `"${name}"`,
  column,
  type,
}));

/** A piece of SQL for each member of an item, but for some, with commas between them. */
export function each(write: (member: Column) => string, except: string[] = []): string {
  return COLUMNS.filter(({ name }) => !except.includes(name))
    .map(write)
    .join(', ');
}

/** A member in the list of a SELECT. */
export function selected({ quoted, column }: Column): string {
  return quoted === column ? column : `${column} AS ${quoted}`;
}
