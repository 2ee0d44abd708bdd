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

/** A batch that changes nothing, and whose answer is 250 times larger than it. */
const SHOWING_MUCH = contentRequest(
  'POST',
  '/batch',
  JSON.stringify({
    atomic: false,
    operations: Array.from({ length: 500 }, () => ({ method: 'PATCH', id: 'item-1', body: {} })),
  }),
);

/** What each of so many connections sends and never reads the answer of. */
const CASES: [name: string, connections: number, sent: string][] = [
  ['1 connection with 300 lists', 1, emptyRequest('GET', '/items?limit=200').repeat(300)],
  ['1 connection with 1,000 lists', 1, emptyRequest('GET', '/items?limit=200').repeat(1_000)],
  ['100 connections with 8 lists', 100, emptyRequest('GET', '/items?limit=200').repeat(8)],
  ['1,000 connections with a list', 1_000, emptyRequest('GET', '/items?limit=200')],
  ['HEAD of 300 lists', 1, emptyRequest('HEAD', '/items?limit=200').repeat(300)],
  ['100 connections with 100 items', 100, emptyRequest('GET', '/items/item-1').repeat(100)],
  [
    '10 connections with 100 large items to create',
    10,
    contentRequest('POST', '/items', JSON.stringify({ id: 'item-1', ...LARGE_ITEM })).repeat(100),
  ],
  [
    '10 connections with 100 large items to replace',
    10,
    contentRequest('PUT', '/items/item-1', JSON.stringify(LARGE_ITEM)).repeat(100),
  ],
  ['1 connection with 20 batches that show 500 large items each', 1, SHOWING_MUCH.repeat(20)],
  ['20 connections with such a batch', 20, SHOWING_MUCH],
];

// One service for all cases, so that what one leaves behind counts in the next.
let service: LoadedService;
beforeAll(async () => {
  service = await LoadedService.start();
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
