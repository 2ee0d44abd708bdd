// Resolves references within the document, in the browser. Swagger UI's own way parses and normalises the document anew for each
// operation, which takes a second or more. All references of this document are local.

/** A plugin: replaces how Swagger UI resolves the part of the document that it is about to show. */
globalThis.referencesHere = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        requestResolvedSubtree:
          (_, { specActions, specSelectors }) =>
          (path) => {
            const url = new URL(specSelectors.url(), document.baseURI).href;
            const part = resolvedPart(specSelectors.specJS(), path, url);
            specActions.updateResolvedSubtree(path, path[0] === 'paths' ? withOrigin(part, path, url) : part);
          },
      },
    },
  },
});

// Swagger UI merges each part into the document again whenever an input or an answer changes. One that says where it comes from it
// takes as a whole, instead of member by member.
function withOrigin(part, path, url) {
  const names = path.map((name) => name.replaceAll('~', '~0').replaceAll('/', '~1'));
  return { ...part, $$ref: `${url}#/${names.join('/')}` };
}

/** Members whose values are data: what looks like a keyword in them is none. */
const DATA = new Set(['const', 'default', 'enum', 'example', 'value']);

/** Members whose values have members with names of the document's own, which are no keywords. */
const NAMING = new Set(
  (
    '$defs dependentSchemas patternProperties properties callbacks content encoding examples headers links paths responses ' +
    'parameters pathItems requestBodies schemas securitySchemes'
  ).split(' '),
);

/**
 * The part at this path, with what its references lead to instead of them, and with each `allOf` merged. `$$ref` says where a
 * part comes from; Swagger UI shows schemas under the name in it. Null if there is no such part.
 */
function resolvedPart(api, path, url) {
  const at = (names) => names.reduce((part, name) => part?.[name], api);
  const resolve = (part, within) => {
    if (Array.isArray(part)) return part.map((element) => resolve(element, within));
    if (!isObject(part)) return part;
    const { $ref, ...beside } = part;
    if (typeof $ref !== 'string')
      return withoutAllOf(mapMembers(part, (value, name) => resolveAs(name, value, within)));
    const target = $ref.startsWith('#/') ? at(namesIn($ref)) : undefined;
    // A schema that contains itself is shown with the reference.
    if (target === undefined || within.includes($ref)) return part;
    return { ...resolve(target, [...within, $ref]), ...resolve(beside, within), $$ref: url + $ref };
  };
  const resolveAs = (name, value, within) => {
    // The examples of a schema are a list of data.
    if (DATA.has(name) || (name === 'examples' && Array.isArray(value))) return value;
    if (NAMING.has(name) && isObject(value)) return mapMembers(value, (member) => resolve(member, within));
    return resolve(value, within);
  };
  return resolveAs(isNamed(path) ? undefined : path.at(-1), at(path), []) ?? null;
}

// Whether the last name of a path is of the document's own.
function isNamed(path) {
  return path.length > 1 && NAMING.has(path.at(-2)) && !isNamed(path.slice(0, -1));
}

// RFC 6901 §4: first ~1, then ~0. A reference is a URI fragment (§6).
function namesIn(reference) {
  const names = reference.slice(2).split('/');
  return names.map((name) => decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function withoutAllOf({ allOf, ...schema }) {
  return allOf === undefined ? schema : [...allOf.map(withoutOrigin), schema].reduce((one, other) => merge(one, other));
}

// The whole does not come from where a part of it does.
function withoutOrigin(part) {
  const { $$ref: _, ...others } = part;
  return others;
}

function merge(one, other, isNaming = false) {
  if (Array.isArray(one) && Array.isArray(other)) return [...new Set([...one, ...other])];
  if (!isObject(one) || !isObject(other)) return other;
  const mergeAs = (name, value) => {
    if (!(name in one) || (DATA.has(name) && !isNaming)) return value;
    return merge(one[name], value, NAMING.has(name) && !isNaming);
  };
  return { ...one, ...mapMembers(other, (value, name) => mergeAs(name, value)) };
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapMembers(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}
