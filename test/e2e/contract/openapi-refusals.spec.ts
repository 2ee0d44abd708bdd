import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FORM } from '../../../src/http/body/form.js';
import type { Answer } from '../../support/answer.js';
import {
  asksDatabase,
  exampleRequest,
  requestsAtEdges,
  sent,
  type GeneratedRequest,
} from '../../support/openapi/generated-requests.js';
import { DOCUMENTED_OPERATIONS, type DocumentedOperation } from '../../support/openapi/openapi-document.js';
import {
  explanations,
  faultsOfRequest,
  isJudgedByItem,
  isRefusal,
  requireAgreement,
  restrictionsOf,
} from '../../support/openapi/request-verdict.js';
import { startTestApp, startWithoutDatabase, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

/** Has no database. So what it refuses, it refuses before it asks one. */
let service: TestApp;
/** Has one, for what the item decides. */
let withItems: TestApp;
beforeAll(async () => {
  service = await startWithoutDatabase();
  withItems = await startTestApp();
  const ids = DOCUMENTED_OPERATIONS.flatMap((operation) => exampleRequest(operation).path.id ?? []);
  for (const id of new Set(ids)) (await withItems.api.put(`/items/${id}`, { name: 'x' })).expect(201);
});
afterAll(async () => {
  await service?.close();
  await withItems?.close();
});

function answerTo(request: GeneratedRequest, { api } = service): Promise<Answer> {
  const { method, target, options } = sent(request);
  return api.call(method, target, options);
}

const atEdges = requestsAtEdges(sized(8, 1));

describe('a request that openapi.json refuses is refused', () => {
  it.each(DOCUMENTED_OPERATIONS)('$operationId, at the edges of each rule', async (operation) => {
    let refused = 0;
    for (const request of atEdges.get(operation.operationId)!) {
      const faults = faultsOfRequest(request);
      if (faults.length === 0) continue;
      requireAgreement(request, faults, await answerTo(request, isJudgedByItem(request) ? withItems : service));
      refused += 1;
    }
    expect(refused).toBeGreaterThan(0);
  });
});

// The others are in openapi-requests.spec.ts.
describe('a request that openapi.json allows is carried out if its operation asks no database', () => {
  it.each(DOCUMENTED_OPERATIONS.filter((one) => !asksDatabase(one)))(
    '$operationId, at the edges of each rule',
    async ({ operationId }) => {
      const allowed = atEdges.get(operationId)!.filter((request) => faultsOfRequest(request).length === 0);
      expect(allowed.length).toBeGreaterThan(0);
      for (const request of allowed) requireAgreement(request, [], await answerTo(request));
    },
  );
});

/** Restrictions of what a patch makes of an item. */
const BY_ITEM = ['patch-result', 'move-into-itself'];

describe('what the schemas can’t say is refused as the list of restrictions says', () => {
  const given = DOCUMENTED_OPERATIONS.flatMap((operation) =>
    restrictionsOf(operation.operationId).map(({ name }) => ({ name, id: operation.operationId, operation })),
  );

  it.each(given)('$name by $id', async ({ name, operation }) => {
    const request = PROVOKE[name]!(operation);
    expect(faultsOfRequest(request)).toEqual([]);
    const answer = await answerTo(request, isJudgedByItem(request) || BY_ITEM.includes(name) ? withItems : service);
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
