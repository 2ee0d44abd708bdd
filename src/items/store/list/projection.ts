import { PLAIN_NAME, QUOTED_NAME } from '../../filter/attribute-names.js';
import type { Attributes } from '../item.entity.js';
import { SHOWN_MEMBERS, type ShownMember } from '../item.members.js';

/** The most fields that a request can name. */
export const FIELDS_MAX = 50;

/** The most code points of the list of fields. */
export const FIELDS_LENGTH_MAX = 4_096;

/** A member that an item of a list can have. */
export type ListedMember = ShownMember | 'deletedAt';

/** In the order in which clients see them. */
export const LISTED_MEMBERS: ListedMember[] = [...SHOWN_MEMBERS, 'deletedAt'];

/** What of an item is wanted. */
export interface Projection {
  /** In the order of {@link LISTED_MEMBERS}. */
  members: ListedMember[];
  /** The wanted paths of `attributes`; undefined for all of them. */
  paths?: string[][];
}

/** The whole item. */
export const WHOLE: Projection = { members: LISTED_MEMBERS };

const OTHERS = LISTED_MEMBERS.filter((name) => name !== 'attributes').join('|');
const FIELD = String.raw`(?:${OTHERS}|attributes(?:\.(?:${PLAIN_NAME}|${QUOTED_NAME}))*)`;

/** A list of fields, e.g. `id,attributes.thread,attributes."a.b".c`. */
export const FIELDS_PATTERN = `^${FIELD}(?:,${FIELD}){0,${FIELDS_MAX - 1}}$`;

const EACH_FIELD = new RegExp(FIELD, 'gu');
const EACH_NAME = new RegExp(`${QUOTED_NAME}|${PLAIN_NAME}`, 'gu');

/** What a list of fields names. `text` matches {@link FIELDS_PATTERN}. */
export function parseProjection(text: string): Projection {
  const fields = text.match(EACH_FIELD)!.map((field) => field.match(EACH_NAME)!.map(unquoted));
  const members = LISTED_MEMBERS.filter((member) => fields.some(([name]) => name === member));
  const paths = fields.filter(([name]) => name === 'attributes').map(([, ...path]) => path);
  return paths.every((path) => path.length > 0) ? { members, paths } : { members };
}

function unquoted(name: string): string {
  return /^["']/.test(name) ? name.slice(1, -1).replaceAll(/\\(.)/gsu, '$1') : name;
}

/** What is wanted of an item. Members that it does not have are left out. */
export function projectItem<Whole extends Partial<Record<ListedMember, unknown>>>(
  item: Whole,
  { members, paths }: Projection,
): Partial<Whole> {
  const part: Partial<Record<ListedMember, unknown>> = {};
  for (const name of members) if (item[name] !== undefined) part[name] = item[name];
  if (paths && part.attributes) {
    part.attributes = attributesAt(paths, part.attributes as Attributes);
    if (part.attributes === undefined) delete part.attributes;
  }
  return part as Partial<Whole>;
}

/** The same of several items, as JSON texts with commas between them. The texts have the wanted members and no others. */
export function projectItems(texts: string, projection: Projection): string {
  if (!projection.paths) return texts;
  const items = JSON.parse(`[${texts}]`) as object[];
  return JSON.stringify(items.map((item) => projectItem(item, projection))).slice(1, -1);
}

/** The attributes at these paths, in the order that they have; undefined if there are none. */
function attributesAt(paths: string[][], attributes: Attributes): Attributes | undefined {
  const wanted = Object.entries(attributes).flatMap(([name, value]): [string, unknown][] => {
    const rests = paths.filter(([first]) => first === name).map(([, ...rest]) => rest);
    if (rests.length === 0) return [];
    if (rests.some((rest) => rest.length === 0)) return [[name, value]];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    const inner = attributesAt(rests, value as Attributes);
    return inner ? [[name, inner]] : [];
  });
  return wanted.length === 0 ? undefined : Object.fromEntries(wanted);
}
