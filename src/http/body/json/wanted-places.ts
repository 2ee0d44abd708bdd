/** A value whose place is wanted, or that holds such values. */
export interface Wanted {
  /** Set if the place of the value itself is wanted. */
  pointer?: string;
  /** By name or index. */
  within?: Map<string, Wanted>;
}

/** The tree of the values at these JSON Pointers (RFC 6901). The document itself is always wanted. */
export function wantedIn(pointers: string[]): Wanted {
  const document: Wanted = { pointer: '' };
  for (const pointer of pointers) {
    let value = document;
    for (const token of pointer.split('/').slice(1)) {
      // RFC 6901 §4.
      const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
      value.within ??= new Map();
      if (!value.within.has(name)) value.within.set(name, {});
      value = value.within.get(name)!;
    }
    value.pointer = pointer;
  }
  return document;
}
