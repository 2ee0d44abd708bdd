import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection.js';
import { Contender } from './contender.js';

/** How long each abuse is watched. */
const WATCHED_MS = 4_000;

/** Number of stored items, and characters in each. */
const STORED = 200;
const TEXT_LENGTH = 16_000;

const request = (target: string) => `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
const LIST = request('/items?limit=200');

/** Each of these connections sends this and never reads the answers. */
const ABUSES: [name: string, connections: number, sent: string][] = [
  ['1 connection with 300 lists', 1, LIST.repeat(300)],
  ['1 connection with 1,000 lists', 1, LIST.repeat(1_000)],
  ['100 connections with 8 lists', 100, LIST.repeat(8)],
  ['1 connection with 1,000 times /openapi.json', 1, request('/openapi.json').repeat(1_000)],
];

/** The time until an answer came, and how long the main thread of the service worked meanwhile. */
interface Wait {
  ms: number;
  workMs: number;
}

/**
 * A Markdown table of what clients that never read cost Items: its peak memory, and the longest wait for /health/live. Each
 * abuse gets its own service, on the given database or a new SQLite file.
 */
export async function abuses(databaseUrl?: string): Promise<string> {
  const rows = [
    '| abuse | peak, MB | health at worst, ms | main thread at work meanwhile, ms |\n| --- | --: | --: | --: |\n',
  ];
  for (const [name, count, sent] of ABUSES) {
    process.stderr.write(`${name}\n`);
    const { peakMegabytes, worst } = await measure(count, sent, databaseUrl ? { DATABASE_URL: databaseUrl } : {});
    rows.push(`| ${name} | ${Math.round(peakMegabytes)} | ${Math.round(worst.ms)} | ${Math.round(worst.workMs)} |\n`);
  }
  return rows.join('');
}

async function measure(
  count: number,
  sent: string,
  environment: object,
): Promise<{ peakMegabytes: number; worst: Wait }> {
  const folder = mkdtempSync(join(tmpdir(), 'items-bench-'));
  const items = await Contender.start('Items', '../../dist/src/main.js', folder, environment);
  const sockets: Socket[] = [];
  try {
    await fill(items.url);
    const { hostname, port } = new URL(items.url);
    for (let opened = 0; opened < count; opened += 1) sockets.push(connect({ host: hostname, port: Number(port) }));
    await Promise.all(
      sockets.map(async (socket) => {
        socket.on('error', () => undefined).pause();
        await once(socket, 'connect');
        socket.write(sent);
      }),
    );
    const worst = await worstHealth(items);
    return { peakMegabytes: items.peakMegabytes(), worst };
  } finally {
    for (const socket of sockets) socket.destroy();
    await items.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(url: string): Promise<void> {
  const content = JSON.stringify({ name: 'x', attributes: { text: 'x'.repeat(TEXT_LENGTH) } });
  const head = `Host: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${content.length}\r\n`;
  let count = 0;
  const next = () => `PUT /items/${randomUUID()} HTTP/1.1\r\n${head}\r\n${content}`;
  const connection = await Connection.open(url);
  await connection.ask(() => count++ < STORED, next, 201);
}

async function worstHealth(items: Contender): Promise<Wait> {
  const end = performance.now() + WATCHED_MS;
  const waits: Wait[] = [];
  while (performance.now() < end) {
    const [begun, begunUs] = [performance.now(), items.mainThreadUs()];
    await new Promise((resolve, reject) => {
      get(`${items.url}/health/live`, (answer) => answer.resume().on('end', resolve)).on('error', reject);
    });
    waits.push({ ms: performance.now() - begun, workMs: (items.mainThreadUs() - begunUs) / 1_000 });
    await sleep(10);
  }
  return waits.reduce((worst, wait) => (wait.ms > worst.ms ? wait : worst));
}
