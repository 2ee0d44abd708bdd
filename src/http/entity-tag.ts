/** The strong entity-tag of a version: `"3"` (RFC 9110 §8.8.3). */
export function entityTag(version: number): string {
  return `"${version}"`;
}
