import { bodiesOf, bodyLimitsOf, type Operation } from '../../../src/contract/operation.js';
import { changeItems } from '../../../src/items/batch/batch.operations.js';
import { OPERATIONS } from '../../../src/operations.js';
import { HEADER_LIMIT_BYTES, TARGET_LIMIT_BYTES } from '../../../src/http/wire/size-limits.js';
import { bearer, KEYS } from '../access/known-keys.js';
import type { Caller, CallOptions } from '../caller.js';

/** One request to an operation. */
interface Request extends CallOptions {
  target: string;
}

/**
 * Makes the item that {@link validRequest} is about: one that was changed, so that restoring its first version is a change, and deleted
 * if the operation erases.
 */
export async function makeItemFor({ id: name }: Operation, id: string, api: Caller): Promise<void> {
  if (name === 'createItem') return;
  (await api.put(`/items/${id}`, { name: 'earlier' })).expect(201);
  (await api.put(`/items/${id}`, { name: 'before' })).expect(200);
  if (name === 'eraseVersions') (await api.delete(`/items/${id}`)).expect(204);
}

/** A request that the operation carries out. `id` is the id of the item of {@link makeItemFor}, or of the item to create. */
export function validRequest(operation: Operation, id: string): Request {
  const { path, params = {}, method } = operation;
  const [[contentType] = ['']] = bodiesOf(operation);
  const target = path.replaceAll(/:(\w+)/g, (_, name: string) => (name === 'id' ? id : (params[name]?.example ?? '')));
  if (contentType === '') return { target };
  if (method === 'QUERY') return { target, headers: { 'content-type': contentType }, body: 'limit=5' };
  if (method === 'PATCH') return { target, headers: { 'content-type': contentType }, body: '{"name":"new name"}' };
  if (operation.id === 'restoreItem') return { target, json: { version: 1 } };
  if (operation === changeItems) return { target, json: batchOf({ method: 'PUT', id, body: { name: 'new name' } }) };
  return { target, json: path.includes(':id') ? { name: 'new name' } : { id, name: 'new name' } };
}

/** Of all operations. */
const LARGEST_BODY_BYTES = Math.max(...OPERATIONS.map((operation) => bodyLimitsOf(operation).bytes));

function batchOf(operation: object): object {
  return { atomic: true, operations: [operation] };
}

type Spoil = (request: Request) => Request;

const withBody =
  (body: string, fields: Record<string, string> = {}): Spoil =>
  ({ target, headers }) => ({ target, body, headers: { 'content-type': 'application/json', ...headers, ...fields } });

/** How to spoil a valid request so that a check that many operations share refuses it: by code of the problem. */
export const SPOILS: Record<string, Spoil> = {
  'malformed-request': (request) => ({ ...request, headers: { host: 'not a host' } }),
  'misdirected-request': (request) => ({ ...request, headers: { ...request.headers, host: 'rebound.example' } }),
  'target-too-long': (request) => ({ ...request, target: `${request.target}?${'x'.repeat(TARGET_LIMIT_BYTES)}` }),
  'header-too-large': (request) => ({ ...request, headers: { 'x-large': 'x'.repeat(HEADER_LIMIT_BYTES) } }),
  'invalid-rehearsal': (request) => ({ ...request, headers: { ...request.headers, rehearse: 'never' } }),
  // Another scheme counts as no credential.
  unauthenticated: (request) => ({ ...request, headers: { ...request.headers, authorization: 'Basic eDp5' } }),
  'invalid-token': (request) => ({ ...request, headers: { ...request.headers, authorization: 'Bearer nope' } }),
  'insufficient-scope': (request) => ({
    ...request,
    headers: { ...request.headers, authorization: bearer(KEYS.stranger) },
  }),
  'expectation-failed': (request) => ({ ...request, headers: { expect: 'the-impossible' } }),
  'invalid-query': (request) => ({ ...request, target: `${request.target}?nope=1` }),
  'invalid-path': (request) => ({ ...request, target: request.target.replace(/^(\/[^/]+\/)[^/]+/, '$1%20') }),
  'malformed-precondition': (request) => ({ ...request, headers: { ...request.headers, 'if-match': 'no tag' } }),
  'precondition-failed': (request) => ({
    ...request,
    headers: { ...request.headers, 'if-match': '"no-such-version"' },
  }),
  'unexpected-content': (request) => ({ ...request, body: 'content' }),
  'malformed-gzip': withBody('{}', { 'content-encoding': 'gzip' }),
  'malformed-json': withBody('{"name":'),
  'invalid-body': withBody('{"__proto__":"x"}'),
  'not-acceptable': ({ headers, ...request }) => ({
    ...request,
    headers: { ...headers, accept: 'application/x-none' },
  }),
  'body-too-large': withBody(' '.repeat(LARGEST_BODY_BYTES + 1)),
  'unsupported-media-type': withBody('name: x', { 'content-type': 'application/yaml' }),
  'unsupported-patch-type': withBody('name: x', { 'content-type': 'application/yaml' }),
  'missing-content-type': ({ target, body }) => ({ target, body }),
  'unsupported-query-type': withBody('{}', { 'content-type': 'application/json' }),
  'malformed-form': withBody('filter=%FF'),
  'unsupported-content-coding': withBody('x', { 'content-encoding': 'br' }),
};

/** The same for faults that a batch has in its operations. */
const SPOILS_OF_BATCHES: Record<string, Spoil> = {
  'invalid-path': withBatchOf({ method: 'DELETE', id: ' ' }),
  'unexpected-content': withBatchOf({ method: 'DELETE', id: 'a', body: {} }),
  'unsupported-patch-type': withBatchOf({ method: 'PATCH', id: 'a', contentType: 'application/yaml', body: {} }),
};

function withBatchOf(operation: object): Spoil {
  return (request) => ({ ...request, json: batchOf(operation) });
}

/** How to spoil a valid request to an operation so that it gets the problem with this code; undefined if these tests don’t know. */
export function spoilFor(operation: Operation, code: string): Spoil | undefined {
  return (operation === changeItems ? SPOILS_OF_BATCHES[code] : undefined) ?? SPOILS[code];
}
