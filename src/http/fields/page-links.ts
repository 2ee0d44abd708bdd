/** The parameters of a query, by name. */
type Parameters = Record<string, string | number | undefined>;

/**
 * The Link field of a page (RFC 8288 §3): rel="first", and rel="next" unless it is the last. `parameters` are those of
 * the query, without the cursor; those that are undefined are left out.
 */
export function pageLinks(listing: string, parameters: Parameters, next: string | null): string {
  const search = (more: Record<string, string>) =>
    new URLSearchParams({ ...stringsOf(parameters), ...more }).toString();
  const first = `<${listing}?${search({})}>; rel="first"`;
  return next === null ? first : `<${listing}?${search({ cursor: next })}>; rel="next", ${first}`;
}

function stringsOf(parameters: Parameters): Record<string, string> {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
