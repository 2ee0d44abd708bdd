/** What the entity-tag of an item at this version looks like. Which it is, an answer tells. */
export function tagOfVersion(version: number): RegExp {
  return new RegExp(`^"${version}-[0-9a-f]{8}"$`);
}
