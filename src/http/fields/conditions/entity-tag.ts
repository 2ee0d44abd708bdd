import { hash } from 'node:crypto';

/** The entity-tags of an If-Match or If-None-Match: `*`, or each as written, e.g. `"3"` and `W/"x"`. */
export type TagList = '*' | string[];

/** A strong entity-tag: `"3-9f86d081"` (RFC 9110 §8.8.3). `opaque` holds no quotes. */
export function entityTag(opaque: string): string {
  return `"${opaque}"`;
}

/** A strong entity-tag made of all that determines the content, to the last byte, e.g. `"Zm9vYmFy…"`. */
export function digestTag(parts: (string | number | null | undefined)[]): string {
  return `"${digestOf(JSON.stringify(parts))}"`;
}

/** The same as a weak one, e.g. `W/"Zm9vYmFy…"`. */
export function weakEntityTag(parts: (string | number | null | undefined)[]): string {
  return `W/${digestTag(parts)}`;
}

/** The strong entity-tag of content that is sent as exactly these bytes, e.g. `"Zm9vYmFy…"`. */
export function tagOfContent(bytes: Buffer): string {
  return `"${digestOf(bytes)}"`;
}

function digestOf(content: string | Buffer): string {
  return hash('sha256', content, 'base64url').slice(0, 22);
}

// RFC 9110 §8.8.3, §5.6.1.2: empty elements are skipped; a comma may stand inside a tag.
const ELEMENT = /[\t ]*(?:((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[\t ]*)?(?:,|$)/y;

/** Reads `*` or a list of entity-tags; undefined if it is neither, or the list is empty. */
export function parseTagList(field: string): TagList | undefined {
  if (/^[\t ]*\*[\t ]*$/.test(field)) return '*';
  const tags: string[] = [];
  for (let at = 0; at < field.length; at = ELEMENT.lastIndex) {
    ELEMENT.lastIndex = at;
    const element = ELEMENT.exec(field);
    if (!element) return undefined;
    if (element[1] !== undefined) tags.push(element[1]);
  }
  return tags.length > 0 ? tags : undefined;
}

/** RFC 9110 §8.8.3.2: equal, and neither is weak. */
export function matchStrongly(tags: TagList, current: string): boolean {
  return tags === '*' || (!current.startsWith('W/') && tags.includes(current));
}

// The suffixes that proxies add when they compress: Apache (mod_deflate, mod_brotli), Jetty and others.
const CODING_SUFFIX = /(?:--?|;)(?:gzip|br|deflate|df|zstd)"$/;

/** The tag of a list that is the current one, made weak or with the suffix of a proxy. */
export function alteredTag(tags: TagList, current: string): string | undefined {
  if (tags === '*' || current.startsWith('W/')) return undefined;
  return tags.find((tag) => opaqueTag(tag).replace(CODING_SUFFIX, '"') === current && tag !== current);
}

/** RFC 9110 §8.8.3.2: equal, weak or not. */
export function matchWeakly(tags: TagList, current: string): boolean {
  return tags === '*' || tags.some((tag) => opaqueTag(tag) === opaqueTag(current));
}

function opaqueTag(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}
