import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection.js';
import { Contender } from './contender.js';
import { fill, LOADS, nextOfMix } from './load.js';

/** Numbers of connections of which one saturates the service. */
const SATURATING = [16, 32, 64, 128];

/** How many times as many connections the flood has. */
const TIMES = 10;

/** How often memory is looked at. */
const LOOK_MS = 100;

const KINDS: [name: string, next: () => string][] = [
  ['GET by id', LOADS[0]!.next],
  ['POST', LOADS[2]!.next],
  ['8 GET, PUT, POST', nextOfMix],
];

/** With the default, and with so few places that nearly all of the flood is refused. */
const ENVIRONMENTS: [name: string, environment: object][] = [
  ['1000 (default)', {}],
  ['100', { MAX_WAITING: '100' }],
];

/** What a service did under one load. */
interface Seen {
  goodPerSecond: number;
  refusedPerSecond: number;
  p99Ms: number;
  /** CPU time, in microseconds for each good answer. What a flood costs besides is in it. */
  mainThreadUs: number;
  processUs: number;
  /** The same for the process that makes the load, which shares the machine. */
  loadUs: number;
  megabytes: number;
}

/**
 * A Markdown table of floods: ten times the connections that saturate the service, each of which sends its next request
 * at once, whatever the answer was. Each flood gets its own service, on the given database or a new SQLite file.
 */
export async function floods(floodSeconds: number, databaseUrl?: string): Promise<string> {
  const rows = [
    '| load | MAX_WAITING | connections | good/s | of the best | refused/s | p99 of good, ms | main thread, µs/good | service, µs/good | load, µs/good | memory, MB |\n' +
      '| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n',
  ];
  for (const [kind, next] of KINDS) {
    for (const [setting, environment] of ENVIRONMENTS) {
      process.stderr.write(`${kind}, MAX_WAITING ${setting}\n`);
      const url = databaseUrl ? { DATABASE_URL: databaseUrl } : {};
      const phases = await flood(next, floodSeconds, { ...environment, ...url });
      const best = phases[0]!.seen.goodPerSecond;
      rows.push(...phases.map(({ name, seen }) => row([kind, setting, name], seen, best)));
    }
  }
  return rows.join('');
}

interface Phase {
  name: string;
  seen: Seen;
}

async function flood(next: () => string, floodSeconds: number, environment: object): Promise<Phase[]> {
  const folder = mkdtempSync(join(tmpdir(), 'items-bench-'));
  const items = await Contender.start('Items', '../../dist/src/main.js', folder, environment);
  const at = (connections: number, seconds: number) => measure(items, next, connections, seconds);
  try {
    await fill(items.url);
    await at(SATURATING[0]!, 1);
    const tried: Phase[] = [];
    for (const connections of SATURATING) tried.push({ name: String(connections), seen: await at(connections, 4) });
    const best = tried.reduce((one, other) => (other.seen.goodPerSecond > one.seen.goodPerSecond ? other : one));
    const count = Number(best.name);
    // As long as the flood: memory grows until V8 finds that there is enough to collect.
    const full = await at(count, floodSeconds);
    const flooded = await at(TIMES * count, floodSeconds);
    await sleep(1_000);
    return [
      { name: best.name, seen: full },
      { name: String(TIMES * count), seen: flooded },
      { name: `${count}, a second later`, seen: await at(count, 2) },
    ];
  } finally {
    await items.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Clients that send one request after the other, whatever the answer is, and open a new connection if theirs is closed. */
async function measure(items: Contender, next: () => string, connections: number, seconds: number): Promise<Seen> {
  const waitsMs: number[] = [];
  let refused = 0;
  let megabytes = 0;
  const look = setInterval(() => (megabytes = Math.max(megabytes, items.nowMegabytes())), LOOK_MS);
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(items.url)));
  const [begunMs, mainThreadUs, processUs] = [performance.now(), items.mainThreadUs(), items.processUs()];
  const loadUs = process.cpuUsage();
  const untilMs = begunMs + seconds * 1_000;
  const isOn = () => performance.now() < untilMs;
  const client = async (first: Connection) => {
    for (let connection = first; ; connection = await Connection.open(items.url)) {
      let sentMs = 0;
      const send = () => {
        sentMs = performance.now();
        return next();
      };
      const take = (answer: string) => {
        if (answer.startsWith('HTTP/1.1 2')) waitsMs.push(performance.now() - sentMs);
        else if (answer.startsWith('HTTP/1.1 503 ')) refused += 1;
        else throw new Error(`Expected 2xx or 503, but got ${answer}`);
      };
      try {
        await connection.exchange(isOn, send, take);
        return;
      } catch (error) {
        if (!/closed the connection|ECONNRESET|EPIPE/.test(String(error))) throw error;
      }
    }
  };
  await Promise.all(open.map(client));
  clearInterval(look);
  const tookMs = performance.now() - begunMs;
  const loadSpent = process.cpuUsage(loadUs);
  return {
    goodPerSecond: (waitsMs.length * 1_000) / tookMs,
    refusedPerSecond: (refused * 1_000) / tookMs,
    p99Ms: waitsMs.toSorted((a, b) => a - b)[Math.floor(waitsMs.length * 0.99)] ?? Number.NaN,
    mainThreadUs: (items.mainThreadUs() - mainThreadUs) / waitsMs.length,
    processUs: (items.processUs() - processUs) / waitsMs.length,
    loadUs: (loadSpent.user + loadSpent.system) / waitsMs.length,
    megabytes,
  };
}

function row(names: string[], seen: Seen, bestPerSecond: number): string {
  const cells = [
    ...names,
    Math.round(seen.goodPerSecond),
    `${Math.round((100 * seen.goodPerSecond) / bestPerSecond)} %`,
    Math.round(seen.refusedPerSecond),
    Math.round(seen.p99Ms),
    Math.round(seen.mainThreadUs),
    Math.round(seen.processUs),
    Math.round(seen.loadUs),
    Math.round(seen.megabytes),
  ];
  process.stderr.write(`  ${cells.join(' ')} (load average ${loadavg()[0]!.toFixed(1)})\n`);
  return `| ${cells.join(' | ')} |\n`;
}
