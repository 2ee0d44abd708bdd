import { randomBytes } from 'node:crypto';
import { Connection } from './connection.js';

/** Number of items that are stored before the first round. */
export const STORED = 10_000;

export const idOf = (index: number) => `item-${index}`;

/** An item without its id. */
export const CONTENT = {
  name: 'Bolt M8',
  description: 'zinc plated',
  tags: ['steel', 'metric'],
  attributes: { thread: 'M8' },
};

/** One kind of request, and the only status that counts as its answer. */
export interface Load {
  name: string;
  status: number;
  /** The next request, as it goes over the wire. */
  next: () => string;
}

const newId = ids();

export const LOADS: Load[] = [
  { name: 'GET by id', status: 200, next: () => `GET ${storedPath()} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n` },
  // Each changes the item: Items would not write a PUT that changes nothing.
  { name: 'PUT', status: 200, next: () => withContent('PUT', storedPath(), { ...CONTENT, name: newId() }) },
  { name: 'POST', status: 201, next: () => withContent('POST', '/items', { id: newId(), ...CONTENT }) },
  // Only Items uses the key: it records it with the change.
  {
    name: 'POST with a key',
    status: 201,
    next: () => withContent('POST', '/items', { id: newId(), ...CONTENT }, `Idempotency-Key: ${newId()}\r\n`),
  },
];

/** Of ten requests eight read, one replaces and one creates. */
export function nextOfMix(): string {
  const [read, replace, create] = LOADS.map(({ next }) => next);
  const kinds = [replace, create];
  return (kinds[Math.floor(Math.random() * 10)] ?? read)!();
}

/** The result of one round. */
export interface Round {
  perSecond: number;
  answers: number;
}

/**
 * Loads a server over persistent connections, each with one request at a time. Error: an answer had another status, or none
 * came.
 */
export async function load({ status, next }: Load, url: string, connections: number, seconds: number): Promise<Round> {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(url)));
  const started = performance.now();
  const until = started + seconds * 1000;
  const counts = await Promise.all(
    open.map((connection) => connection.ask(() => performance.now() < until, next, status)),
  );
  const took = (performance.now() - started) / 1000;
  const answers = counts.reduce((sum, count) => sum + count, 0);
  return { perSecond: answers / took, answers };
}

/** Creates the stored items over HTTP. */
export async function fill(url: string): Promise<void> {
  const connections = await Promise.all(Array.from({ length: 50 }, () => Connection.open(url)));
  let index = 0;
  const next = () => withContent('POST', '/items', { id: idOf(index++), ...CONTENT });
  await Promise.all(connections.map((connection) => connection.ask(() => index < STORED, next, 201)));
}

function storedPath(): string {
  return `/items/${idOf(Math.floor(Math.random() * STORED))}`;
}

function withContent(method: string, path: string, content: object, fields = ''): string {
  const text = JSON.stringify(content);
  const ofContent = `Content-Type: application/json\r\nContent-Length: ${text.length}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${fields}${ofContent}\r\n${text}`;
}

/** Ids that no earlier run used. */
function ids(): () => string {
  const run = randomBytes(6).toString('hex');
  let count = 0;
  return () => `n-${run}-${count++}`;
}
