import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { abuses } from './abuse.js';
import { Contender } from './contender.js';
import { floods } from './flood.js';
import { growth } from './growth.js';
import { fill, load, LOADS, type Load } from './load.js';
import { starts } from './start.js';
import { spread, table, type Cell } from './table.js';

/** What `npm start` runs. */
const SERVICE = '../../dist/src/main.js';

const CONNECTIONS = [1, 16, 64];

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    abuse: { type: 'boolean', default: false },
    flood: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    database: { type: 'string' },
  },
});
const rounds = values.quick ? 5 : 9;
const roundSeconds = values.quick ? 0.7 : 4;

if (values.abuse) {
  process.stdout.write(`\n${await abuses(values.database)}`);
  process.exit();
}

if (values.flood) {
  process.stdout.write(`\n${await floods(values.quick ? 5 : 30, values.database)}`);
  process.exit();
}

if (values.growth) {
  const sizes = values.quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000];
  process.stdout.write(`\n${await growth(SERVICE, sizes, values.database)}`);
  process.exit();
}

process.stdout.write(`\n${await starts('Items', SERVICE)}`);

const folder = mkdtempSync(join(tmpdir(), 'items-bench-'));
const contenders: Contender[] = [];
try {
  contenders.push(await Contender.start('raw', './raw.js', folder));
  contenders.push(await Contender.start('recipe', './recipe.js', folder));
  const items = await Contender.start('Items', SERVICE, folder);
  contenders.push(items);
  await fill(items.url);
  const cells: Cell[] = [];
  for (const kind of LOADS) {
    for (const connections of CONNECTIONS) cells.push(await measure(kind, connections));
  }
  process.stdout.write(`\n${table(cells)}\n${spread(cells)}`);
} finally {
  await Promise.all(contenders.map((contender) => contender.stop()));
  rmSync(folder, { recursive: true, force: true });
}

/** Rounds that alternate between the servers, after a short one that does not count. */
async function measure(kind: Load, connections: number): Promise<Cell> {
  process.stderr.write(`${kind.name}, ${connections} connections\n`);
  const seen: Cell['seen'] = {};
  for (const { name, url } of contenders) {
    seen[name] = [];
    await load(kind, url, connections, 0.4);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      const before = contender.mainThreadUs();
      const { perSecond, answers } = await load(kind, contender.url, connections, roundSeconds);
      seen[contender.name]?.push({ perSecond, mainThreadUs: (contender.mainThreadUs() - before) / answers });
    }
  }
  return { kind: kind.name, connections, seen };
}
