import type { Operation } from '../../../src/contract/operation.js';
import { bodiesOf, problemsOf } from '../../../src/contract/operation.js';
import {
  createItem,
  deleteItem,
  getItem,
  patchItem,
  replaceItem,
} from '../../../src/items/contract/items.operations.js';
import { changeItems } from '../../../src/items/batch/batch.operations.js';
import { queryItems } from '../../../src/items/contract/lists.operations.js';
import { FORM } from '../../../src/http/body/form.js';
import { bearer, KEYS } from '../access/known-keys.js';
import type { RawRequest } from '../raw-request.js';

/** A sound request to an operation, to put faults into. */
interface Base {
  operation: Operation;
  request: RawRequest;
}

/** For a service with AUTH=required. Item `taken` exists, created with the key `used`; `free` does not. Every change must name the version that it changes. */
export const BASES = {
  create: { operation: createItem, request: request('POST', '/items') },
  replace: { operation: replaceItem, request: request('PUT', '/items/free', undefined, { 'If-None-Match': '*' }) },
  merge: {
    operation: patchItem,
    request: request('PATCH', '/items/taken', '{"name":"x"}', {
      'Content-Type': 'application/merge-patch+json',
      'If-Match': '*',
    }),
  },
  patch: {
    operation: patchItem,
    request: request('PATCH', '/items/taken', '[{"op":"replace","path":"/name","value":"x"}]', {
      'Content-Type': 'application/json-patch+json',
      'If-Match': '*',
    }),
  },
  query: { operation: queryItems, request: request('QUERY', '/items', 'limit=5', { 'Content-Type': FORM }) },
  read: { operation: getItem, request: request('GET', '/items/taken', '') },
  remove: { operation: deleteItem, request: request('DELETE', '/items/taken', '', { 'If-Match': '*' }) },
} satisfies Record<string, Base>;

export type BaseName = keyof typeof BASES;

/** One fault: how it is put into a request, and the answer if it is the only one. */
export interface Fault {
  commit: (request: RawRequest) => void;
  status: number;
  /** One for all requests, or one for each that can have the fault. */
  code: string | Partial<Record<BaseName, string>>;
  /** The operations that judge it, if their declaring its code does not tell. */
  judgedBy?: (operation: Operation) => boolean;
  /** Whether it is a fault of the body. If the operation takes no body, having one is the fault. */
  isOfContent?: true;
  /** Tells apart faults that have the same code. */
  detail?: RegExp;
}

const EVERYBODY = () => true;
const takesContent = (operation: Operation) => bodiesOf(operation).length > 0;

/** Over the limit of a body, 1 MiB, by more than is read at once: refused before its end is reached. */
const TOO_LONG = 1_310_720;

/** By the step of ORDER_OF_CHECKS that answers the fault, in that order. */
export const FAULTS: Record<string, Fault> = {
  'known method': {
    commit: (one) => (one.method = 'PROPFIND'),
    status: 501,
    code: 'method-not-implemented',
    judgedBy: EVERYBODY,
  },
  version: {
    commit: (one) => (one.version = 'HTTP/2.0'),
    status: 505,
    code: 'version-not-supported',
    judgedBy: EVERYBODY,
  },
  host: {
    commit: (one) => (one.fields.Host = [one.fields.Host, one.fields.Host].flat() as string[]),
    status: 400,
    code: 'malformed-request',
    detail: /Host/,
  },
  'foreign host': {
    commit: (one) => (one.fields.Host = 'rebound.example'),
    status: 421,
    code: 'misdirected-request',
  },
  'target size': {
    commit: (one) => (one.query += `&${'x'.repeat(8_192)}`),
    status: 414,
    code: 'target-too-long',
  },
  'header block size': {
    commit: (one) => (one.fields['X-Large'] = 'x'.repeat(16_384)),
    status: 431,
    code: 'header-too-large',
  },
  target: {
    commit: (one) => (one.path += '%FF'),
    status: 400,
    code: 'malformed-request',
    detail: /percent-encoding/,
  },
  'fields and framing': {
    commit: (one) => (one.fields.Authorization = ['a', 'b']),
    status: 400,
    code: 'malformed-request',
    detail: /authorization/,
  },
  overload: {
    commit: (one) => (one.recipient = 'crowded'),
    status: 503,
    code: 'overloaded',
    detail: /answers/,
  },
  route: {
    commit: (one) => (one.path = `/nowhere${one.path}`),
    status: 404,
    code: 'route-not-found',
    judgedBy: EVERYBODY,
  },
  method: {
    commit: (one) => (one.method = 'TRACE'),
    status: 405,
    code: 'method-not-allowed',
    judgedBy: EVERYBODY,
  },
  rehearsal: { commit: (one) => (one.fields.Rehearse = '299'), status: 400, code: 'invalid-rehearsal' },
  credentials: {
    commit: ({ fields }) => delete fields.Authorization,
    status: 401,
    code: 'unauthenticated',
  },
  rate: { commit: (one) => (one.recipient = 'exhausted'), status: 429, code: 'quota-exceeded' },
  right: {
    commit: ({ fields }) => (fields.Authorization = bearer(KEYS.stranger)),
    status: 403,
    code: 'insufficient-scope',
  },
  'path parameters': { commit: (one) => (one.path += '%20'), status: 400, code: 'invalid-path' },
  query: { commit: (one) => (one.query += '&nope=1'), status: 400, code: 'invalid-query' },
  'precondition fields': {
    commit: (one) => (one.fields['If-None-Match'] = 'unquoted'),
    status: 400,
    code: 'malformed-precondition',
  },
  'idempotency key field': {
    commit: (one) => (one.fields['Idempotency-Key'] = '"'),
    status: 400,
    code: 'invalid-idempotency-key',
  },
  'body where none belongs': { commit: (one) => (one.text ||= '{}'), status: 400, code: 'unexpected-content' },
  'content range': {
    commit: (one) => (one.fields['Content-Range'] = 'bytes 0-1/9'),
    status: 400,
    code: 'malformed-request',
    // RFC 9110 §14.5 gives the field a meaning only in PUT.
    judgedBy: ({ method }) => method === 'PUT',
    isOfContent: true,
    detail: /Content-Range/,
  },
  expectation: {
    commit: (one) => (one.fields.Expect = 'the-impossible'),
    status: 417,
    code: 'expectation-failed',
  },
  accept: { commit: (one) => (one.fields.Accept = 'text/html'), status: 406, code: 'not-acceptable' },
  'content length': {
    commit: (one) => (one.fields['Content-Length'] = String(TOO_LONG)),
    status: 413,
    code: 'body-too-large',
    isOfContent: true,
  },
  'content type': {
    commit: (one) => (one.fields['Content-Type'] = 'text/plain'),
    status: 415,
    code: {
      create: 'unsupported-media-type',
      replace: 'unsupported-media-type',
      merge: 'unsupported-patch-type',
      patch: 'unsupported-patch-type',
      query: 'unsupported-query-type',
    },
    isOfContent: true,
  },
  room: {
    commit: (one) => (one.recipient ??= 'without room'),
    status: 503,
    code: 'overloaded',
    judgedBy: takesContent,
    isOfContent: true,
    detail: /requests/,
  },
  'body as counted': {
    commit: (one) => Object.assign(one, { paddedTo: TOO_LONG, chunked: true }),
    status: 413,
    code: 'body-too-large',
    isOfContent: true,
  },
  'content coding': {
    commit: (one) => (one.gzip = 'broken'),
    status: 400,
    code: 'malformed-gzip',
    isOfContent: true,
  },
  'JSON text': {
    commit: (one) => (one.text = (one.text || '{}').replace('}', ',')),
    status: 400,
    code: 'malformed-json',
    isOfContent: true,
  },
  'form text': {
    commit: (one) => (one.text += '&fields=%FF'),
    status: 400,
    code: 'malformed-form',
    isOfContent: true,
  },
  'query in the body': {
    commit: (one) => (one.text += '&filter=('),
    status: 400,
    code: 'invalid-filter',
    judgedBy: ({ method }) => method === 'QUERY',
    isOfContent: true,
  },
  members: {
    commit: (one) => (one.text = (one.text || '{"a":1}').replace('{', '{"__proto__":1,')),
    status: 400,
    code: 'invalid-body',
    isOfContent: true,
  },
  'idempotency key': {
    commit: (one) => (one.fields['Idempotency-Key'] = 'used'),
    status: 422,
    code: 'idempotency-key-reused',
  },
  'target exists': {
    commit: (one) => (one.path = one.path.replace('taken', 'free')),
    status: 404,
    code: 'item-not-found',
  },
  'precondition required': {
    commit: ({ fields }) => {
      delete fields['If-Match'];
      delete fields['If-None-Match'];
    },
    status: 428,
    code: 'precondition-required',
  },
  preconditions: {
    // The date counts if the tag is taken away, and then names no version.
    commit: ({ fields }) =>
      Object.assign(fields, { 'If-Match': '"99"', 'If-Unmodified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' }),
    status: 412,
    code: 'precondition-failed',
  },
  state: {
    commit: (one) =>
      (one.text = one.text.replace('"free"', '"taken"').replace(']', ',{"op":"remove","path":"/nope"}]')),
    status: 409,
    code: { create: 'item-exists', replace: 'item-id-differs', patch: 'patch-does-not-apply' },
  },
  'result of a patch': {
    commit: (one) => (one.text = one.text.replace('"x"', 'null')),
    status: 422,
    code: 'patch-result-invalid',
  },
};

/** The requests that can have all these faults. The first fault is answered. */
export function basesOf(...faults: Fault[]): BaseName[] {
  return (Object.keys(BASES) as BaseName[]).filter((name) => {
    const [first, ...others] = faults;
    const isUnexpected = first === FAULTS['body where none belongs'];
    return faults.every(
      (fault) =>
        (judges(BASES[name].operation, fault) && codeOf(fault, name) !== undefined) ||
        (isUnexpected && others.includes(fault) && fault.isOfContent),
    );
  });
}

/** Whether an operation judges a fault at all. */
export function judges(operation: Operation, { code, judgedBy }: Fault): boolean {
  // It judges its operations as the requests that they stand for.
  if (operation === changeItems) return false;
  const codes = typeof code === 'string' ? [code] : Object.values(code);
  return judgedBy ? judgedBy(operation) : codes.some((one) => codesOf(operation).has(one));
}

/** Those that an operation declares: each pair of faults asks for them. */
const declaredCodes = new Map<Operation, Set<string>>();

function codesOf(operation: Operation): Set<string> {
  const known = declaredCodes.get(operation);
  if (known) return known;
  const codes = new Set(problemsOf(operation).map(({ type }) => type.code));
  declaredCodes.set(operation, codes);
  return codes;
}

export function codeOf({ code }: Fault, base: BaseName): string | undefined {
  return typeof code === 'string' ? code : code[base];
}

/** A request that has all these faults. */
export function spoilt(base: BaseName, ...faults: Fault[]): RawRequest {
  const message = structuredClone<RawRequest>(BASES[base].request);
  // Faults that are judged first are put in last: the fault of the route keeps the wrong path after it.
  for (const { commit } of faults.toReversed()) commit(message);
  return message;
}

function request(method: string, path: string, text = '{"id":"free","name":"x"}', more: object = {}): RawRequest {
  const fields = { Host: 'localhost', Authorization: bearer(KEYS.all), 'Content-Type': 'application/json', ...more };
  return { method, path, query: '?', version: 'HTTP/1.1', fields, text };
}
