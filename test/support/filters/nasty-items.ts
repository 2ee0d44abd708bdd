import type { TestApp } from '../test-app.js';

/** An item as the service shows it. */
export interface ShownItem {
  id: string;
  name: string;
  description?: string;
  tags: string[];
  attributes: Record<string, unknown>;
  version: number;
  createdAt: string;
  updatedAt: string;
}

/** Texts that are easily taken for something else, or put in a wrong order. */
export const NASTY_TEXTS = [
  [
    '10',
    '10.0',
    'true',
    'null',
    '{}',
    '[]',
    '"',
    '""',
    '"10"',
    "'",
    "''",
    'it’s',
    "it's",
    '\\',
    '\\\\',
    '\\"',
    '\\*',
    '\\u0041',
  ],
  [
    '*',
    '**',
    'a*',
    '*a',
    'a',
    'A',
    'a b',
    ' a',
    'a ',
    'ab',
    'abc',
    'b',
    'aa',
    'a%',
    'a_',
    '%',
    '_',
    'a;b',
    'a,b',
    '(a)',
    'a=b',
    '~',
  ],
  [
    '\u00e9',
    'e\u0301',
    '\u00c9',
    'stra\u00dfe',
    'STRASSE',
    '\u0130',
    '\u0131',
    '\u01c5',
    '\uff21',
    '\u{1F600}',
    '\u{10FFFF}',
    '\u{10000}',
  ],
  [
    '\uffff',
    '\ufffd',
    '\ud7ff',
    '\ue000',
    '\u0001',
    '\n',
    '\r\n',
    '\t',
    '\u007f',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\u200d',
    'a\nb',
    'n"',
    '1',
  ],
  [
    '$',
    '$.a',
    '?1',
    '$1',
    '--',
    "'; DROP TABLE items; --",
    '2026-01-01T00:00:00.000Z',
    '<script>',
    '../',
    '__proto__',
    'constructor',
  ],
  ['x'.repeat(64), 'x'.repeat(63)],
].flat();

const LONG_TEXTS = [254, 255, 256, 257, 300].flatMap((length) => [
  'x'.repeat(length),
  `${'x'.repeat(length - 1)}\u{1F600}`,
]);

/** Doubles at edges, and some that SQLite reads as the double beside them. */
export const NASTY_NUMBERS = [
  [
    0,
    -0,
    1,
    -1,
    10,
    1.5,
    0.1,
    0.1 + 0.2,
    0.3,
    100,
    1e21,
    1e-7,
    5e-324,
    -5e-324,
    1.7976931348623157e308,
    -1.7976931348623157e308,
  ],
  [2 ** 31, 2 ** 53, 2 ** 53 - 1, 2 ** 60, 2 ** 63, -(2 ** 63), 2 ** 64, 123456789012345680, 2.2250738585072014e-308],
  [9.47925539648401e-176, 9.479255396484011e-176, 6956833850980608e4, 69568338509806084e3, -8.274002894103266e245],
  [5.840912603742974e-300, 2.104234543052896e-73, 4.75492475064701e-32, 1.311389365121423e98],
].flat();

export const NASTY_NAMES = [
  [
    'a',
    'b',
    'A',
    'a.b',
    '',
    ' ',
    '"',
    "'",
    '\\',
    '\\"',
    '*',
    '$',
    '[0]',
    '0',
    '1',
    '#',
    '@',
    'null',
    'constructor',
    'toString',
    'a b',
  ],
  ['\u00e9', 'e\u0301', '\u{1F600}', '\u0001', '\n', '\u2028', 'a"b\'c\\d', '?', '$1', "a'||'b", 'x'.repeat(300)],
].flat();

/** Picks from lists by a source of random numbers. */
export function picker(random: () => number) {
  const below = (limit: number) => Math.floor(random() * limit);
  return { below, pick: <T>(list: readonly T[]) => list[below(list.length)] as T };
}

function randomValue(random: () => number, depth = 0): unknown {
  const { below, pick } = picker(random);
  switch (below(depth > 3 ? 6 : 10)) {
    case 0:
    case 1:
    case 2:
      return pick(NASTY_TEXTS);
    case 3:
    case 4:
      return pick(NASTY_NUMBERS);
    case 5:
      return pick([true, false, null, pick(LONG_TEXTS)]);
    case 6:
      return Array.from({ length: below(3) }, () => randomValue(random, depth + 1));
    default:
      return randomAttributes(random, depth + 1);
  }
}

function randomAttributes(random: () => number, depth = 0): Record<string, unknown> {
  const { below, pick } = picker(random);
  // Few names at the top, so that filters find values at them.
  const names = depth === 0 ? NASTY_NAMES.slice(0, 8) : NASTY_NAMES;
  const members = Array.from({ length: below(7) }, () => [pick(names), randomValue(random, depth)]);
  if (depth === 0 && below(3) === 0) members.push(['long', pick(LONG_TEXTS)]);
  return Object.fromEntries(members) as Record<string, unknown>;
}

const nested = (depth: number): unknown => (depth === 0 ? 'deep' : { d: nested(depth - 1) });

/** Creates items with nasty content, changes some of them, and returns all as the service shows them. */
export async function createNastyItems(service: TestApp, count: number, random: () => number): Promise<ShownItem[]> {
  const { below, pick } = picker(random);
  const contentOf = () => ({
    name: pick(NASTY_TEXTS),
    description: pick([undefined, null, '', pick(NASTY_TEXTS), pick(LONG_TEXTS)]),
    tags: [...new Set(Array.from({ length: below(4) }, () => pick(NASTY_TEXTS)))],
    attributes: randomAttributes(random),
  });
  const contents = Array.from({ length: count }, contentOf);
  contents[0]!.attributes = { d: nested(31) };
  const ids = contents.map((_, n) => `${pick(['a', 'A', 'b', '0', 'z'])}${pick(['', '-', '.', '_', '~', ':'])}${n}`);
  const created = contents.map((content, n) => ({
    ms: below(40),
    operation: { method: 'POST', body: { id: ids[n], ...content } },
  }));
  const changed = Array.from({ length: count / 3 }, () => ({
    ms: 1_000 + below(40),
    operation: { method: 'PUT', id: pick(ids), body: contentOf() },
  }));
  await carryOut(service, [...created, ...changed]);
  const items = await allItems(service);
  if (items.length !== count) throw new Error(`The pages have ${items.length} items instead of ${count}`);
  return items;
}

/** Carries out operations, each at its time in milliseconds. Those of one time are a batch. */
async function carryOut({ api, clock }: TestApp, timed: { ms: number; operation: object }[]): Promise<void> {
  for (const time of new Set(timed.map(({ ms }) => ms))) {
    clock.now = new Date(Date.UTC(2026, 0, 1, 0, 0, 0, time));
    const operations = timed.filter(({ ms }) => ms === time).map(({ operation }) => operation);
    (await api.post('/batch', { atomic: true, operations }, { headers: { prefer: 'return=minimal' } })).expect(200);
  }
}

async function allItems({ api }: TestApp): Promise<ShownItem[]> {
  const items: ShownItem[] = [];
  for (let next: string | null = ''; next !== null;) {
    const page = (await api.get(`/items?limit=200${next && `&cursor=${next}`}`)).expect(200).json;
    items.push(...(page.items as ShownItem[]));
    next = page.next as string | null;
  }
  return items;
}
