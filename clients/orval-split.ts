import type { Item, ItemPage } from './generated/orval-split/index.schemas';
import { listItems, type listItemsResponseError } from './generated/orval-split/items/items';
import { getIndex } from './generated/orval-split/service/service';

/** Every item, page by page. */
export async function everyItem(limit: number): Promise<Item[]> {
  const items: Item[] = [];
  for (let page = await pageAt({ limit }); ; page = await pageAt({ limit, cursor: page.next })) {
    items.push(...page.items);
    if (page.next === null) return items;
  }
}

/** The link to the documentation, from the index. */
export async function documentation(): Promise<string | undefined> {
  const { status, data } = await getIndex();
  return status === 200 ? data.links.docs : undefined;
}

async function pageAt({ limit, cursor }: { limit: number; cursor?: string | null }): Promise<ItemPage> {
  const answer = await listItems({ limit, ...(typeof cursor === 'string' && { cursor }) });
  // Whole items, since no fields are named.
  if (answer.status === 200) return answer.data as ItemPage;
  throw new Error(detailOf(answer));
}

function detailOf(answer: listItemsResponseError): string {
  return answer.status === 304 ? 'nothing new' : answer.data.detail;
}
