import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openConnections } from '../../support/requests/crowd.js';
import {
  contentRequest,
  emptyRequest,
  LOAD_TIMEOUT_MS,
  LoadedService,
  MOST_HEALTH_MS,
  MOST_MEGABYTES,
} from '../../support/requests/loaded-service.js';
import { sized } from '../../support/test-size.js';

const manyFaults = JSON.stringify(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`member-${n}`, n])));
const slowBody = contentRequest('PUT', '/items/slow', ' '.repeat(1_048_576)).slice(0, 1_000);

const bomb = gzipSync(JSON.stringify({ name: 'x' }).padEnd(1_048_576));
const zipped = Buffer.concat([
  Buffer.from(
    'PUT /items/item-1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n' +
      `Content-Length: ${bomb.length}\r\n\r\n`,
  ),
  bomb,
]);

const MANY = sized(40, 110);

/**
 * Connections, the bytes of a part, and the bound. Eight parts, less than a body of 1 MiB, are 94 MB in all bodies, or 262 MB.
 * A thousand connections take some 40 MB themselves.
 */
const [SLOW, PART_BYTES, MOST_OF_SLOW] = sized([120, 98_304, MOST_MEGABYTES], [1_000, 32_768, 2 * MOST_MEGABYTES]);

/** What each of so many connections sends and never reads the answer of. */
type Case = [name: string, connections: number, sent: string | Buffer];

/** They exceed the bound of memory only in a number that takes seconds. answers-under-way.spec.ts tries how many begin in a turn. */
const MANY_CASES: Case[] = [
  ['250 connections with gzip that becomes 1 MiB', 250, zipped],
  ['20 connections with 25 bodies of 100 faults', 20, contentRequest('POST', '/items', manyFaults).repeat(25)],
  ['12 connections with 2,000 unknown paths in a packet', 12, emptyRequest('GET', '/a').repeat(2_000)],
];

const CASES: Case[] = [
  ['1,000 times /openapi.json', 1, emptyRequest('GET', '/openapi.json').repeat(1_000)],
  ['1,000 times the largest file of Swagger UI', 1, emptyRequest('GET', '/docs/swagger-ui-bundle.js').repeat(1_000)],
  [`${MANY} connections with 1,000 times /openapi.json`, MANY, emptyRequest('GET', '/openapi.json').repeat(1_000)],
  ...sized<Case[]>([], MANY_CASES),
];

// One service for all cases, so that what they leave behind adds up.
let service: LoadedService;
beforeAll(async () => {
  service = await LoadedService.start(8);
});
afterAll(() => service?.close());

// No database has a part in what these send. memory.spec.ts has the rest.
describe('callers that never read', () => {
  it.each(CASES)(
    '[A12] %s: little memory, and health is answered',
    async (_, connections, sent) => {
      const { megabytes, healthMs } = await service.bear(() => openConnections(service.url, connections, sent));
      expect(megabytes).toBeLessThan(MOST_MEGABYTES);
      expect(healthMs).toBeLessThan(MOST_HEALTH_MS);
    },
    LOAD_TIMEOUT_MS,
  );
});

describe('callers that send slowly', () => {
  it(
    `[A12] ${SLOW} bodies of 1 MiB: little memory, and health is answered`,
    async () => {
      const { megabytes, healthMs } = await service.bear(sendSlowly);
      expect(megabytes).toBeLessThan(MOST_OF_SLOW);
      expect(healthMs).toBeLessThan(MOST_HEALTH_MS);
    },
    LOAD_TIMEOUT_MS,
  );
});

it('[A12] all of them together leave little memory behind', () => {
  expect(service.megabytesLeft()).toBeLessThan(2 * MOST_MEGABYTES);
});

/** Sends the first eight parts of a body on each of many connections, little by little. */
async function sendSlowly(): Promise<Socket[]> {
  const opened = await openConnections(service.url, SLOW, slowBody);
  const part = ' '.repeat(PART_BYTES);
  for (let n = 0; n < 8; n += 1) {
    for (const socket of opened) if (!socket.destroyed) socket.write(part);
    await pause(100);
  }
  return opened;
}
