import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FeedHead } from '../../../src/items/changes/feed-head.js';
import type { Answer } from '../../support/answer.js';
import {
  asksDatabase,
  POOL,
  requestsAtEdges,
  requestsTo,
  sent,
  type GeneratedRequest,
} from '../../support/openapi/generated-requests.js';
import { DOCUMENTED_OPERATIONS } from '../../support/openapi/openapi-document.js';
import { faultsOfRequest, requireAgreement } from '../../support/openapi/request-verdict.js';
import { commandCount, SEED } from '../../support/random.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp();
});
beforeEach(async () => {
  for (const id of POOL) await service.api.put(`/items/${id}`, { name: id });
});
afterAll(() => service?.close());

async function answerTo(request: GeneratedRequest): Promise<Answer> {
  const { method, target, options } = sent(request);
  let isOver = false;
  const answer = service.api.call(method, target, options).finally(() => (isOver = true));
  if (target.includes('wait=')) await endWait(() => isOver);
  return answer;
}

/** Lets the longest wait for a change pass, if there is one. */
async function endWait(isOver: () => boolean): Promise<void> {
  const { followers } = service.app.get(FeedHead);
  while (!isOver() && followers.size === 0) await nextTurn();
  service.clock.now = new Date(service.clock.now.getTime() + 61_000);
}

/** Compares the verdicts of the document and of the service on a request, both ways. Returns whether both refuse it. */
async function compare(request: GeneratedRequest): Promise<boolean> {
  const faults = faultsOfRequest(request);
  requireAgreement(request, faults, await answerTo(request));
  return faults.length > 0;
}

// At the edges of a rule, those that the document refuses are in openapi-refusals.spec.ts, with those of operations that ask no database.
describe('a request that openapi.json allows is carried out, and one that it refuses is refused', () => {
  const atEdges = requestsAtEdges(sized(8, 1));
  it.each(DOCUMENTED_OPERATIONS.filter(asksDatabase))('$operationId, at the edges of each rule', async (operation) => {
    const allowed = atEdges.get(operation.operationId)!.filter((request) => faultsOfRequest(request).length === 0);
    expect(allowed.length).toBeGreaterThan(0);
    for (const request of allowed) requireAgreement(request, [], await answerTo(request));
  });

  const runs = commandCount(sized(100, 500));
  it(
    `generated requests (seed ${SEED})`,
    async () => {
      const verdicts: boolean[] = [];
      const changing = DOCUMENTED_OPERATIONS.filter(({ path }) => path.startsWith('/items'));
      const requests = fc.oneof(
        { weight: 10, arbitrary: fc.oneof(...changing.map(requestsTo)) },
        { weight: 1, arbitrary: fc.oneof(...DOCUMENTED_OPERATIONS.map(requestsTo)) },
      );
      const property = fc.asyncProperty(requests, async (request) => void verdicts.push(await compare(request)));
      await fc.assert(property, { seed: SEED, numRuns: runs });
      const refused = verdicts.filter(Boolean).length / verdicts.length;
      expect(refused).toBeGreaterThan(0.1);
      expect(refused).toBeLessThan(0.9);
    },
    30_000 + 20 * runs,
  );
});
