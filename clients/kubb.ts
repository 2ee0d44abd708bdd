import {
  getItem,
  getItem404Schema,
  itemSchema,
  replaceItem,
  type GetItem404,
  type Item,
} from './generated/kubb/index.js';

/** Writes an item, and checks the answer against the generated Zod schema. */
export async function write(baseURL: string, id: string, name: string): Promise<Item> {
  // The generated client sets no media type, and fetch would send a string as plain text.
  const headers = { 'Content-Type': 'application/json' };
  const { data } = await replaceItem(id, { name }, { Prefer: 'return=representation' }, { baseURL, headers });
  return itemSchema.parse(data);
}

/** The name of an item, or why there is none. */
export async function nameOf(baseURL: string, id: string): Promise<string> {
  const { status, data } = await getItem(id, undefined, undefined, { baseURL });
  // The whole item, since no fields are named.
  return status === 404 ? advice(getItem404Schema.parse(data)) : itemSchema.parse(data).name;
}

function advice(problem: GetItem404): string {
  if (problem.code === 'version-not-found') return `${problem.itemId} has no such version`;
  return problem.deletedAt === undefined ? `there is no ${problem.itemId}` : `gone since ${problem.deletedAt}`;
}
