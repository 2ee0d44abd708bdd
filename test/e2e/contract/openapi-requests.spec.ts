import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FORM } from '../../../src/http/body/form.js';
import { FeedHead } from '../../../src/items/changes/feed-head.js';
import type { Answer } from '../../support/answer.js';
import {
  edgeRequests,
  exampleRequest,
  POOL,
  requestsTo,
  sent,
  type GeneratedRequest,
} from '../../support/openapi/generated-requests.js';
import { DOCUMENTED_OPERATIONS, type DocumentedOperation } from '../../support/openapi/openapi-document.js';
import { commandCount, SEED } from '../../support/random.js';
import {
  explanations,
  faultsOfRequest,
  isHiddenByState,
  isRefusal,
  restrictionsOf,
} from '../../support/openapi/request-verdict.js';
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
  const answer = await answerTo(request);
  const isRefused = isRefusal(answer);
  const got = `${answer.status} ${answer.text.slice(0, 1_000)}`;
  if (answer.status >= 500) throw new Error(got);
  if (faults.length === 0 && isRefused && explanations(request, answer).length === 0)
    throw new Error(`The document allows it. ${got}`);
  if (faults.length > 0 && !isRefused && !isHiddenByState(request, answer)) {
    throw new Error(`The document refuses it: ${faults.join('; ')}. ${got}`);
  }
  return faults.length > 0;
}

describe('a request that openapi.json allows is carried out, and one that it refuses is refused', () => {
  // Operations share most fields and members, and each begins with another of their edges: together they meet nearly all.
  const every = sized(4, 1);
  const operations = DOCUMENTED_OPERATIONS.map((operation, at) => ({ id: operation.operationId, operation, at }));
  it.each(operations)('$id, at the edges of each rule', async ({ operation, at }) => {
    const verdicts = [];
    // The first is sound, and the last one is refused.
    const isTried = (n: number, last: number) => n === 0 || n === last || n % every === at % every;
    const edges = edgeRequests(operation).filter((_, n, { length }) => isTried(n, length - 1));
    for (const request of edges) verdicts.push(await comparing(request));
    expect(new Set(verdicts)).toEqual(new Set([false, true]));
  });

  const runs = commandCount(sized(150, 500));
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

async function comparing(request: GeneratedRequest): Promise<boolean> {
  try {
    return await compare(request);
  } catch (error) {
    throw new Error(JSON.stringify(sent(request)).slice(0, 1_000), { cause: error });
  }
}

describe('what the schemas can’t say is refused as the list of restrictions says', () => {
  const given = DOCUMENTED_OPERATIONS.flatMap((operation) =>
    restrictionsOf(operation.operationId).map(({ name }) => ({ name, id: operation.operationId, operation })),
  );

  it.each(given)('$name by $id', async ({ name, operation }) => {
    const request = PROVOKE[name]!(operation);
    expect(faultsOfRequest(request)).toEqual([]);
    const answer = await answerTo(request);
    expect(isRefusal(answer)).toBe(true);
    expect(explanations(request, answer)).toEqual([name]);
  });

  it('each restriction that is tried here belongs to an operation', () => {
    expect(new Set(given.map(({ name }) => name))).toEqual(new Set(Object.keys(PROVOKE)));
  });
});

/** A parameter that makes the target too long, of operations that take no cursor. */
const LONG_PARAMETERS: Record<string, [name: string, value: string]> = {
  getItem: ['fields', `attributes.${'\u{1f600}'.repeat(700)}`],
  listChanges: ['ids', Array(100).fill('a'.repeat(100)).join(',')],
};

/** For each restriction, a request that the schemas allow and the service refuses. */
const PROVOKE: Record<string, (operation: DocumentedOperation) => GeneratedRequest> = {
  'target-size': (operation) => ({
    ...exampleRequest(operation),
    query: [LONG_PARAMETERS[operation.operationId] ?? ['cursor', 'A'.repeat(9_000)]],
  }),
  'header-size': (operation) => ({ ...exampleRequest(operation), headers: { 'x-large': 'x'.repeat(17_000) } }),
  'body-size': (operation) => {
    const { text = '', ...request } = exampleRequest(operation);
    if (operation.method === 'QUERY') return { ...request, query: [['cursor', 'A'.repeat(1_100_000)]] };
    return { ...request, text: text + ' '.repeat(2_200_000) };
  },
  charset: (operation) => {
    const example = exampleRequest(operation);
    return { ...example, contentType: `${example.contentType ?? FORM}; charset=iso-8859-1` };
  },
  'exact-number': (operation) =>
    operation.operationId === 'restoreItem'
      ? { ...exampleRequest(operation), text: '{"version":1.00000000000000000001}' }
      : withAttribute(operation, '0.1000000000000000055511'),
  count: (operation) =>
    withAttribute(
      operation,
      `[${Array(operation.path === '/batch' ? 110_000 : 25_000)
        .fill('{}')
        .join(',')}]`,
    ),
  'no-nul': (operation) => withAttribute(operation, String.raw`"\u0000"`),
  unicode: (operation) => withAttribute(operation, String.raw`"\ud800"`),
  'reserved-name': (operation) => withAttribute(operation, '{"__proto__":1}'),
  depth: (operation) => withAttribute(operation, '['.repeat(32) + ']'.repeat(32)),
  size: (operation) => withAttribute(operation, JSON.stringify('x'.repeat(17_000))),
  'read-only': (operation) => ({ ...exampleRequest(operation), text: '{"version":2000000000}' }),
  'patch-result': (operation) => withJsonPatch(operation, '[{"op":"remove","path":"/name"}]'),
  'move-into-itself': (operation) => withJsonPatch(operation, '[{"op":"move","from":"/name","path":"/name/a"}]'),
  filter: (operation) => ({ ...exampleRequest(operation), query: [['filter', 'colour==red']] }),
  words: (operation) => ({ ...exampleRequest(operation), query: [['q', '!']] }),
  cursor: (operation) => ({ ...exampleRequest(operation), query: [['cursor', 'AAAA']] }),
  'operation-id': (operation) => withBatch(operation, { method: 'DELETE' }),
  'same-id': (operation) => withBatch(operation, { method: 'POST', id: 'a', body: { id: 'b', name: 'x' } }),
  'key-place': (operation) => withBatch(operation, { method: 'DELETE', id: 'a', idempotencyKey: 'k' }),
  'refused-operation': (operation) => withBatch(operation, { method: 'PUT', id: 'a', body: { name: 1 } }),
  'key-parameters': (operation) => ({ ...exampleRequest(operation), headers: { 'idempotency-key': '"a";=' } }),
};

function withBatch(operation: DocumentedOperation, one: object): GeneratedRequest {
  return { ...exampleRequest(operation), text: JSON.stringify({ atomic: true, operations: [one] }) };
}

function withAttribute(operation: DocumentedOperation, text: string): GeneratedRequest {
  if (operation.path === '/batch') {
    const body = `{"name":"x","attributes":{"a":${text}}}`;
    return {
      ...exampleRequest(operation),
      text: `{"atomic":true,"operations":[{"method":"PUT","id":"a","body":${body}}]}`,
    };
  }
  const id = operation.method === 'POST' ? '"id":"new",' : '';
  return { ...exampleRequest(operation), text: `{${id}"name":"x","attributes":{"a":${text}}}` };
}

function withJsonPatch(operation: DocumentedOperation, text: string): GeneratedRequest {
  return { ...exampleRequest(operation, 'application/json-patch+json'), text };
}
