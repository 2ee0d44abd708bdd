import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openConnections } from '../../support/requests/crowd.js';
import {
  contentRequest,
  emptyRequest,
  LARGE_ITEM,
  LOAD_TIMEOUT_MS,
  LoadedService,
  MOST_HEALTH_MS,
  MOST_MEGABYTES,
} from '../../support/requests/loaded-service.js';
import { sized } from '../../support/test-size.js';

/** A batch that changes nothing, and whose answer is 250 times larger than it. */
const SHOWING_MUCH = contentRequest(
  'POST',
  '/batch',
  JSON.stringify({
    atomic: false,
    operations: Array.from({ length: 500 }, () => ({ method: 'PATCH', id: 'item-1', body: {} })),
  }),
);

const LIST = emptyRequest('GET', '/items?limit=200');
/** Enough that the service would need more than it may have, were each list made as soon as it is asked for. */
const LISTERS = sized(400, 1_000);
const BATCHES = sized(12, 30);

/** What each of so many connections sends and never reads the answer of. */
type Case = [name: string, connections: number, sent: string];

/** They exceed the bound of memory only in a number that takes seconds. */
const MANY_CASES: Case[] = [
  ['60 connections with 32 lists', 60, LIST.repeat(32)],
  ['HEAD of 400 lists', 1, emptyRequest('HEAD', '/items?limit=200').repeat(400)],
  ['110 connections with 100 items', 110, emptyRequest('GET', '/items/item-1').repeat(100)],
  [
    '10 connections with 110 large items to create and to replace',
    10,
    (
      contentRequest('POST', '/items', JSON.stringify({ id: 'item-1', ...LARGE_ITEM })) +
      contentRequest('PUT', '/items/item-1', JSON.stringify(LARGE_ITEM))
    ).repeat(110),
  ],
  ['1 connection with 20 batches that show 500 large items each', 1, SHOWING_MUCH.repeat(20)],
];

const CASES: Case[] = [
  ['1 connection with 2,000 lists', 1, LIST.repeat(2_000)],
  [`${LISTERS} connections with a list`, LISTERS, LIST],
  [`${BATCHES} connections with a batch that shows 500 large items`, BATCHES, SHOWING_MUCH],
  ...sized<Case[]>([], MANY_CASES),
];

// One service for all cases, so that what they leave behind adds up.
let service: LoadedService;
beforeAll(async () => {
  service = await LoadedService.start(200);
});
afterAll(() => service?.close());

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

it('[A12] all of them together leave little memory behind', () => {
  expect(service.megabytesLeft()).toBeLessThan(2 * MOST_MEGABYTES);
});
