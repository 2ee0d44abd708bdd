import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Contender } from './contender.js';
import { load, type Load } from './load.js';
import { openStore, type Store } from './seed.js';

/** Where measured items are: few of any number of items match. */
const RARE = 20;

/** Short rounds, of which the fastest counts: it is the one that other work on the machine disturbed least. */
const ROUNDS = 20;
const ROUND_SECONDS = 0.05;

/** No further round begins after so long, in milliseconds: some requests take seconds. */
const ENOUGH_MS = 2_000;

/**
 * A table of how long requests take as the number of items grows, in microseconds, one request at a time. `sizes` rise. `database`: the
 * DATABASE_URL of an empty database; a new SQLite file without it.
 */
export async function growth(service: string, sizes: number[], database?: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'items-bench-'));
  const environment = { SEED: 'off', ...(database !== undefined && { DATABASE_URL: database }) };
  const store = openStore(database ?? join(folder, 'data/items.sqlite'));
  const seen: Map<string, number>[] = [];
  try {
    // It makes the tables.
    await (await Contender.start('tables', service, folder, environment)).stop();
    for (const [at, size] of sizes.entries()) {
      await store.seed(sizes[at - 1] ?? 0, size, RARE);
      seen.push(await measured(service, folder, environment, store, size));
    }
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return table(sizes, seen);
}

async function measured(
  service: string,
  folder: string,
  environment: object,
  store: Store,
  size: number,
): Promise<Map<string, number>> {
  const settings = { ...environment, INDEXED_ATTRIBUTES: 'thread,price', QUERY_TIMEOUT_MS: '60000' };
  const contender = await Contender.start(`items-${size}`, service, folder, settings);
  const seen = new Map<string, number>();
  try {
    await store.settle();
    for (const [name, target] of targetsOf(size)) {
      const kind: Load = { name, status: 200, next: () => `GET ${target()} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n` };
      let best = Infinity;
      const until = performance.now() + ENOUGH_MS;
      for (let round = 0; round < ROUNDS && performance.now() < until; round += 1) {
        const { perSecond } = await load(kind, contender.url, 1, ROUND_SECONDS);
        best = Math.min(best, 1e6 / perSecond);
      }
      process.stderr.write(`${size} items, ${name}: ${Math.round(best)} µs\n`);
      seen.set(name, best);
    }
  } finally {
    await contender.stop();
  }
  return seen;
}

const filter = (text: string) => `/items?filter=${encodeURIComponent(text)}`;

function targetsOf(size: number): [name: string, target: () => string][] {
  const any = () => Math.floor(Math.random() * size);
  return [
    ['GET by id', () => `/items/item-${any()}`],
    ['list', () => '/items'],
    ...['name', '-name', 'createdAt', '-updatedAt'].map((sort): [string, () => string] => {
      return [`list, sort=${sort}`, () => `/items?sort=${sort}`];
    }),
    ['id in a range', () => filter(`id=ge=item-${any()}`)],
    ['the beginning of a name', () => filter(`name==rare*`)],
    ['a tag that few have', () => filter('tags==rare')],
    ['a tag that all have', () => filter('tags==steel')],
    ['q, a word that few have', () => '/items?q=scarce'],
    ['q, a word that few have, sort=name', () => '/items?q=scarce&sort=name'],
    ['q, a word that half have', () => '/items?q=half'],
    ['q, a word that all have', () => '/items?q=bolt'],
    ['an indexed attribute, few match', () => filter('attributes.thread==rare')],
    ['an indexed range, few match', () => filter('attributes.price=lt=0')],
    ['an attribute without index, few match', () => filter('attributes.other==rare')],
    ['20 ids', () => `/items?ids=${Array.from({ length: 20 }, () => `item-${any()}`).join(',')}`],
  ];
}

function table(sizes: number[], seen: Map<string, number>[]): string {
  const head = ['request', ...sizes.map((size) => `${size.toLocaleString('en')} items, µs`), 'last ÷ first'];
  const rows = [...(seen[0]?.keys() ?? [])].map((name) => {
    const times = seen.map((one) => one.get(name) ?? Number.NaN);
    return [name, ...times.map(Math.round), ((times.at(-1) ?? Number.NaN) / (times[0] ?? Number.NaN)).toFixed(1)];
  });
  return [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows]
    .map((values) => `| ${values.join(' | ')} |\n`)
    .join('');
}
