import { Misfit } from './misfit.js';

/** The names on the way to a value in the attributes of an item. */
export type AttributePath = string[];

/** The most paths. Every change of an item writes to the indexes of each. */
const MAX_PATHS = 20;

/** The deepest that attributes can be. */
const MAX_NAMES = 32;

// As in the selectors of filters; see FilterScanner.
const NAME = String.raw`[^"'();,=!~<> \t\r\n.]+`;
const QUOTED = String.raw`"(?:[^"\\]|\\["'\\*])*"|'(?:[^'\\]|\\["'\\*])*'`;
const PATH = new RegExp(String.raw`^(?:${NAME}|${QUOTED})(?:\.(?:${NAME}|${QUOTED}))*$`, 'u');
const EACH_NAME = new RegExp(`${QUOTED}|${NAME}`, 'gu');

/** What stands between commas that are not in quotes. */
const EACH_PART = /(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,])+/gu;

/** `INDEXED_ATTRIBUTES`: paths as filters have them behind `attributes.`, each once. */
export const INDEXED_ATTRIBUTES = {
  fallback: '',
  expected: `up to ${MAX_PATHS} paths of attributes as in filters, separated by commas, such as thread,size.width,"a.b".c`,
  parse: parsePaths,
  mayBeQuoted: true,
};

function parsePaths(text: string): AttributePath[] | Misfit | undefined {
  const parts = text.match(EACH_PART) ?? [];
  if (parts.join(',') !== text) return undefined;
  const paths = parts.map((part) => pathIn(part.trim()));
  const expected = paths.flatMap((path) => (path instanceof Misfit ? path.expected : []));
  if (expected.length > 0) return new Misfit(...expected);
  const unique = new Map((paths as AttributePath[]).map((path) => [JSON.stringify(path), path]));
  return unique.size <= MAX_PATHS ? [...unique.values()] : undefined;
}

function pathIn(text: string): AttributePath | Misfit {
  if (!PATH.test(text)) return new Misfit(`${INDEXED_ATTRIBUTES.expected}: ${text} is no such path`);
  if (text.startsWith('attributes.')) {
    return new Misfit(
      `written without attributes. in front: ${text.slice('attributes.'.length)}. An attribute of that name is "attributes"`,
    );
  }
  const path = text.match(EACH_NAME)!.map(unquoted);
  return path.length <= MAX_NAMES ? path : new Misfit(`paths of up to ${MAX_NAMES} names: ${text} has ${path.length}`);
}

function unquoted(name: string): string {
  return /^["']/.test(name) ? name.slice(1, -1).replaceAll(/\\(.)/gu, '$1') : name;
}
