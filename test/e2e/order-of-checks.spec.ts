import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ORDER_OF_CHECKS } from '../../src/order-of-checks.js';
import { crowd, LITTLE_ROOM_BYTES } from '../support/crowd.js';
import type { Mend } from '../support/faults.js';
import { bytesOf, type RawRequest } from '../support/raw-request.js';
import { sendRaw } from '../support/raw-socket.js';
import { listenOnly, startTestApp, type TestApp } from '../support/test-app.js';

/** Far over the limit of content, which is 1 MiB: counted before the end of it is reached. */
const TOO_LONG = 2_097_152;

/** Requests that faults are put into. */
const BASES: Record<'read' | 'replace' | 'create' | 'patch' | 'remove', RawRequest> = {
  read: request('GET', '/items/free', ''),
  replace: request('PUT', '/items/free', undefined, { 'If-None-Match': '*' }),
  create: request('POST', '/items'),
  patch: request('PATCH', '/items/taken', '{"name":"x"}', {
    'Content-Type': 'application/merge-patch+json',
    'If-Match': '*',
  }),
  remove: request('DELETE', '/items/taken', '', { 'If-Match': '*' }),
};

/** One fault: where it can be, how it is put in, and what answers it alone. */
interface Fault {
  on: (keyof typeof BASES)[];
  commit: (request: RawRequest) => void;
  status: number;
  code: string;
  /** On PATCH, where it is another one. */
  codeOfPatch?: string;
  /** Tells apart faults that have the same code. */
  detail?: RegExp;
}

const ANYWHERE: Fault['on'] = ['read', 'replace', 'create', 'patch'];
const WITH_CONTENT: Fault['on'] = ['replace', 'create', 'patch'];

/** Steps that judge the state of the service, which no request can spoil. */
const BY_STATE = ['start'];

/** One for each other step in force of the head, the body and the write. */
const FAULTS: Record<string, Fault> = {
  'known method': {
    on: ANYWHERE,
    commit: (one) => (one.method = 'PROPFIND'),
    status: 501,
    code: 'method-not-implemented',
  },
  version: { on: ANYWHERE, commit: (one) => (one.version = 'HTTP/2.0'), status: 505, code: 'version-not-supported' },
  host: {
    on: ANYWHERE,
    commit: (one) => (one.fields.Host = 'not a host'),
    status: 400,
    code: 'malformed-request',
    detail: /Host/,
  },
  'target size': {
    on: ANYWHERE,
    commit: (one) => (one.query += `&${'x'.repeat(8_192)}`),
    status: 414,
    code: 'target-too-long',
  },
  'header block size': {
    on: ANYWHERE,
    commit: (one) => (one.fields['X-Large'] = 'x'.repeat(16_384)),
    status: 431,
    code: 'header-too-large',
  },
  target: {
    on: ANYWHERE,
    commit: (one) => (one.path += '%FF'),
    status: 400,
    code: 'malformed-request',
    detail: /percent-encoding/,
  },
  'fields and framing': {
    on: ANYWHERE,
    commit: (one) => (one.fields.Authorization = ['a', 'b']),
    status: 400,
    code: 'malformed-request',
    detail: /authorization/,
  },
  overload: {
    on: ANYWHERE,
    commit: (one) => (one.recipient = 'crowded'),
    status: 503,
    code: 'overloaded',
    detail: /answers/,
  },
  route: { on: ANYWHERE, commit: (one) => (one.path = `/nowhere${one.path}`), status: 404, code: 'route-not-found' },
  method: { on: ANYWHERE, commit: (one) => (one.method = 'TRACE'), status: 405, code: 'method-not-allowed' },
  rehearsal: { on: ANYWHERE, commit: (one) => (one.fields.Rehearse = '299'), status: 400, code: 'invalid-rehearsal' },
  'path parameters': {
    on: ['read', 'replace', 'patch'],
    commit: (one) => (one.path += '%20'),
    status: 400,
    code: 'invalid-path',
  },
  query: { on: ANYWHERE, commit: (one) => (one.query += '&nope=1'), status: 400, code: 'invalid-query' },
  'precondition fields': {
    on: [...WITH_CONTENT, 'remove'],
    commit: (one) => (one.fields['If-None-Match'] = 'unquoted'),
    status: 400,
    code: 'malformed-precondition',
  },
  'idempotency key field': {
    on: [...WITH_CONTENT, 'remove'],
    commit: (one) => (one.fields['Idempotency-Key'] = '"'),
    status: 400,
    code: 'invalid-idempotency-key',
  },
  'content where none belongs': {
    on: ['read', 'remove'],
    commit: (one) => (one.text = '{}'),
    status: 400,
    code: 'unexpected-content',
  },
  'content range': {
    on: ['replace'],
    commit: (one) => (one.fields['Content-Range'] = 'bytes 0-1/9'),
    status: 400,
    code: 'malformed-request',
    detail: /Content-Range/,
  },
  expectation: {
    on: ANYWHERE,
    commit: (one) => (one.fields.Expect = 'the-impossible'),
    status: 417,
    code: 'expectation-failed',
  },
  accept: {
    on: ANYWHERE,
    commit: (one) => (one.fields.Accept = 'text/html'),
    status: 406,
    code: 'not-acceptable',
  },
  'content length': {
    on: ANYWHERE,
    commit: (one) => (one.fields['Content-Length'] = String(TOO_LONG)),
    status: 413,
    code: 'body-too-large',
  },
  'content type': {
    on: ANYWHERE,
    commit: (one) => Object.assign(one.fields, { 'Content-Type': 'text/plain' }),
    status: 415,
    code: 'unsupported-media-type',
    codeOfPatch: 'unsupported-patch-type',
  },
  room: {
    on: WITH_CONTENT,
    commit: (one) => (one.recipient ??= 'without room'),
    status: 503,
    code: 'overloaded',
    detail: /requests/,
  },
  'content as counted': {
    on: ANYWHERE,
    commit: (one) => Object.assign(one, { text: one.text.padEnd(TOO_LONG), chunked: true }),
    status: 413,
    code: 'body-too-large',
  },
  'content coding': {
    on: WITH_CONTENT,
    commit: (one) => Object.assign(one, { gzip: 'broken' }),
    status: 400,
    code: 'malformed-gzip',
  },
  'JSON text': {
    on: WITH_CONTENT,
    commit: (one) => (one.text = one.text.replace('}', ',')),
    status: 400,
    code: 'malformed-json',
  },
  members: {
    on: WITH_CONTENT,
    commit: (one) => (one.text = one.text.replace('"name"', '"__proto__"')),
    status: 400,
    code: 'invalid-body',
  },
  'idempotency key': {
    on: WITH_CONTENT,
    commit: (one) => (one.fields['Idempotency-Key'] = 'used'),
    status: 422,
    code: 'idempotency-key-reused',
  },
  'target exists': {
    on: ['read', 'patch'],
    commit: (one) => (one.path = one.path.replace('taken', 'free')),
    status: 404,
    code: 'item-not-found',
  },
  'precondition required': {
    on: ['replace', 'patch'],
    commit: ({ fields }) => {
      delete fields['If-Match'];
      delete fields['If-None-Match'];
    },
    status: 428,
    code: 'precondition-required',
  },
  preconditions: {
    on: ANYWHERE,
    commit: (one) => (one.fields['If-Match'] = '"99"'),
    status: 412,
    code: 'precondition-failed',
  },
  state: {
    on: ['replace', 'create'],
    commit: (one) => (one.text = one.text.replace('"free"', '"taken"')),
    status: 409,
    code: 'item-exists',
  },
  'result of a patch': {
    on: ['patch'],
    commit: (one) => (one.text = one.text.replace('"x"', 'null')),
    status: 422,
    code: 'patch-result-invalid',
  },
};

/** Pairs that no request can commit, and why. */
const IMPOSSIBLE: Record<string, string> = {
  'content where none belongs + room': 'content is read only where it belongs',
  'known method + method': 'a request has one method',
  'target + route': 'what is no path is no path of a route',
  'target + path parameters': 'what can’t be decoded has no parameters',
  'route + path parameters': 'a path without a route has no parameters',
  'idempotency key field + idempotency key': 'a request has one key',
  'idempotency key field + target exists': 'no operation in force takes content and answers 404',
  'content where none belongs + idempotency key': 'GET takes no key',
  'idempotency key + target exists': 'no operation in force takes content and answers 404',
  'content where none belongs + content range': 'Content-Range is judged on PUT, which takes content',
  'content where none belongs + content coding': 'content is read only where it belongs',
  'content where none belongs + JSON text': 'content is read only where it belongs',
  'content where none belongs + members': 'content is read only where it belongs',
  'content where none belongs + state': 'GET changes nothing',
  'content where none belongs + precondition required': 'GET changes nothing',
  'precondition required + preconditions':
    'a condition on the entity-tag that fails is one; for dates see items.rules.spec.ts',
  'content length + content as counted': 'content has a length or comes in chunks',
  'JSON text + members': 'what is no JSON has no members',
  'JSON text + state': 'what is no JSON asks for nothing',
  'content range + target exists': 'PUT creates what is missing',
  'target exists + state': 'what is missing has no state',
  'content where none belongs + result of a patch': 'PATCH takes content',
  'content range + result of a patch': 'Content-Range is judged on PUT',
  'state + result of a patch': 'takes a JSON Patch; see order-of-writes.spec.ts',
};

const NAMES = Object.keys(FAULTS);
const PAIRS = NAMES.flatMap((earlier, at) => NAMES.slice(at + 1).map((later): [string, string] => [earlier, later]));
const POSSIBLE = PAIRS.filter(([earlier, later]) => !(`${earlier} + ${later}` in IMPOSSIBLE));

describe('the order of checks', () => {
  let service: TestApp;
  let crowded: TestApp;
  let withoutRoom: TestApp;
  let mend: Mend | undefined;
  beforeAll(async () => {
    service = await startTestApp({ requirePreconditions: true });
    crowded = await startTestApp({ maxAnswerBytes: LITTLE_ROOM_BYTES, requestTimeoutMs: 600_000 });
    withoutRoom = await startTestApp({ maxBodyBytes: 1 });
    mend = await crowd(crowded);
    (
      await service.api.put(
        '/items/taken',
        { name: 'x' },
        { headers: { 'if-none-match': '*', 'idempotency-key': 'used' } },
      )
    ).expect(201);
  });
  afterAll(async () => {
    await mend?.();
    await Promise.all([service, crowded, withoutRoom].map((one) => one?.close()));
  });

  const recipientOf = ({ recipient }: RawRequest) =>
    recipient ? { crowded, 'without room': withoutRoom }[recipient] : service;
  const expectAnswer = async (message: RawRequest, fault: Fault, { api } = recipientOf(message)) => {
    const { status, code, codeOfPatch = code, detail } = fault;
    const [answer] = await sendRaw(api.url, 1, bytesOf(message));
    answer.expect(status, message.method === 'PATCH' ? codeOfPatch : code);
    if (detail) expect(answer.json.detail).toMatch(detail);
  };

  it('has a fault here for each step in force, in its order', () => {
    const { head, body, write } = ORDER_OF_CHECKS;
    const inForce = [...head, ...body, ...write].filter(({ name, by }) => by !== 'later' && !BY_STATE.includes(name));
    expect(NAMES).toEqual(inForce.map(({ name }) => name));
    for (const { name, statuses } of inForce) expect(statuses).toContain(FAULTS[name]?.status);
  });

  it.each(NAMES)('the fault of %s alone is answered', async (name) => {
    await expectAnswer(spoilt(name), FAULTS[name] as Fault);
  });

  it.each(POSSIBLE)('[A1] %s is answered before %s', async (earlier, later) => {
    await expectAnswer(spoilt(earlier, later), FAULTS[earlier] as Fault);
  });

  it('[A1] only what is judged before the start is answered before it is over', async () => {
    const starting = await listenOnly();
    const names = ORDER_OF_CHECKS.head.map(({ name }) => name);
    for (const [name, fault] of Object.entries(FAULTS)) {
      const isEarlier = names.indexOf('start') > names.indexOf(name) && names.includes(name);
      const answer = isEarlier
        ? fault
        : { ...fault, status: 503, code: 'starting', codeOfPatch: 'starting', detail: undefined };
      await expectAnswer(spoilt(name), answer, starting);
    }
    await starting.close();
  });

  it('nothing was changed by any of them', async () => {
    expect((await service.api.get('/items')).expect(200).json.items).toHaveLength(1);
  });

  it('pairs that are said to be impossible are pairs of the list', () => {
    const all = PAIRS.map((pair) => pair.join(' + '));
    for (const pair of Object.keys(IMPOSSIBLE)) expect(all).toContain(pair);
  });
});

function request(method: string, path: string, text = '{"id":"free","name":"x"}', more: object = {}): RawRequest {
  const fields = { Host: 'x', 'Content-Type': 'application/json', ...more };
  return { method, path, query: '?', version: 'HTTP/1.1', fields, text };
}

/** A request that has all these faults. */
function spoilt(...names: string[]): RawRequest {
  const faults = names.map((name) => FAULTS[name] as Fault);
  const base = (['create', 'replace', 'patch', 'read', 'remove'] as const).find((one) =>
    faults.every(({ on }) => on.includes(one)),
  );
  if (!base) throw new Error(`No request has the faults of ${names.join(' and ')}`);
  const message = structuredClone(BASES[base]);
  // What is judged first is put in last: the route keeps the path that is wrong behind it.
  for (const { commit } of faults.toReversed()) commit(message);
  return message;
}
