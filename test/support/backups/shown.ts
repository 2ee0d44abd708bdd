import { said } from '../said.js';
import type { TestApp } from '../test-app.js';

/** What a service shows of its items, with their history, and of the feed behind a position. See startEventful. */
export async function shownBy({ api }: TestApp, position: string) {
  const ids = ['keyed', 'erased', 'back', 'trimmed', 'trimmed-too', 'batched-1'];
  const targets = [
    '/items?limit=100',
    '/items?deleted=true&limit=100&sort=-updatedAt',
    `/changes?limit=100&after=${position}`,
    ...ids.flatMap((id) => [`/items/${id}`, `/items/${id}/versions?limit=100`, `/items/${id}/versions/1`]),
  ];
  const answers = [];
  for (const target of targets) answers.push(said(await api.get(target)));
  return answers;
}
