import {
  getItem,
  getItem404Schema,
  getItemQueryResponseSchema,
  itemSchema,
  replaceItem,
  type DeleteItem404,
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
  const { status, data } = await getItem(id, undefined, { baseURL });
  return status === 404 ? advice(getItem404Schema.parse(data)) : getItemQueryResponseSchema.parse(data).name;
}

function advice(problem: DeleteItem404): string {
  return problem.deletedAt === undefined ? `there is no ${problem.itemId}` : `gone since ${problem.deletedAt}`;
}
