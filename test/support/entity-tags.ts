/** The form of an entity-tag of an item at this version. Only an answer tells the tag itself. */
export function tagOfVersion(version: number): RegExp {
  return new RegExp(`^"${version}-[0-9a-f]{8}"$`);
}
