/**
 * The Link field of a page (RFC 8288 §3): rel="first", and rel="next" unless it is the last. `parameters` are those of
 * the query, without the cursor.
 */
export function pageLinks(listing: string, parameters: Record<string, string | number>, next: string | null): string {
  const search = (more: Record<string, string>) =>
    new URLSearchParams({ ...stringsOf(parameters), ...more }).toString();
  const first = `<${listing}?${search({})}>; rel="first"`;
  return next === null ? first : `<${listing}?${search({ cursor: next })}>; rel="next", ${first}`;
}

function stringsOf(parameters: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
}
