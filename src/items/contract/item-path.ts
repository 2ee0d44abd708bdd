/** The path of an item, percent-encoded. */
export function itemPath(id: string): string {
  return `/items/${encodeURIComponent(id)}`;
}
