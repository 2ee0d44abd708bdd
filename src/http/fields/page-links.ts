/** The parameters of a query, by name. */
type Parameters = Record<string, string | number | undefined>;

/** The longest field that names the first page, too, in characters. Clients and proxies refuse heads of more than 8 to 16 KiB. */
const LONGEST_WITH_FIRST = 4_000;

/** What `encodeURIComponent` encodes although it may stand in a query (RFC 3986 §3.4) and in a reference of Link. */
const PLAIN = /%(?:2C|3A|3B|3D|40|2F|3F)/g;

/**
 * The Link field of a page (RFC 8288 §3): rel="next" unless it is the last, and rel="first" unless that would be very long.
 * `parameters` are those of the query, without the cursor; those that are undefined are left out.
 */
export function pageLinks(listing: string, parameters: Parameters, next: string | null): string {
  const query = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [encoded(name, value)],
  );
  const first = `<${listing}?${query.join('&')}>; rel="first"`;
  if (next === null) return first;
  const field = `<${listing}?${[...query, encoded('cursor', next)].join('&')}>; rel="next"`;
  return field.length + first.length > LONGEST_WITH_FIRST ? field : `${field}, ${first}`;
}

// Not URLSearchParams: it triples every comma, sign and parenthesis of a filter.
function encoded(name: string, value: string | number): string {
  return `${name}=${encodeURIComponent(value).replaceAll(PLAIN, decodeURIComponent)}`;
}
