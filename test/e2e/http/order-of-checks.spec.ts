import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '../../../src/operations.js';
import { ORDER_OF_CHECKS } from '../../../src/order-of-checks.js';
import { bearer, KEYS } from '../../support/access/known-keys.js';
import { crowd, CROWD, LITTLE_ROOM_BYTES } from '../../support/requests/crowd.js';
import type { Mend } from '../../support/database/faults.js';
import { bytesOf, type RawRequest } from '../../support/raw-request.js';
import { sendRaw } from '../../support/raw-socket.js';
import {
  BASES,
  basesOf,
  codeOf,
  FAULTS,
  judges,
  spoilt,
  type BaseName,
  type Fault,
} from '../../support/requests/spoilt-requests.js';
import { startStopping } from '../../support/stopping-app.js';
import { listenOnly, startTestApp, type TestApp } from '../../support/test-app.js';

/** Steps that judge the state of the service, which no request can spoil. */
const BY_STATE = ['start', 'drain', 'credentials, after a wait', 'rate of a batch', 'room for the answer to a batch'];

/** Pairs of faults that exclude each other. A message that tried to have both is refused for its framing or fields. */
const EXCLUSIVE: Record<string, (one: RawRequest) => void> = {
  // A request that was answered under a key had a valid one, and two fields are refused.
  'idempotency key field + idempotency key': ({ fields }) => (fields['Idempotency-Key'] = ['"', 'used']),
  // A body has a length or comes in chunks.
  'content length + body as counted': (one) => {
    FAULTS['body as counted']?.commit(one);
    FAULTS['content length']?.commit(one);
  },
};

/** All services know the keys of the requests. With AUTH=required foreign hosts are refused only by ALLOWED_HOSTS. */
const required = { auth: 'required' as const, allowedHosts: ['localhost', '127.0.0.1'] };
const ONE_A_DAY = { quota: 1, windowSeconds: 86_400 };

const OF_HEAD = ORDER_OF_CHECKS.head.map(({ name }) => name);
const NAMES = Object.keys(FAULTS);
const faultOf = (name: string) => FAULTS[name] as Fault;
const PAIRS = NAMES.flatMap((earlier, at) => NAMES.slice(at + 1).map((later): [string, string] => [earlier, later]));
const SENT = PAIRS.filter(
  ([earlier, later]) => !(`${earlier} + ${later}` in EXCLUSIVE) && basesOf(faultOf(earlier), faultOf(later)).length > 0,
);

describe('the order of checks', () => {
  let service: TestApp;
  let crowded: TestApp;
  let withoutRoom: TestApp;
  let exhausted: TestApp;
  let mend: Mend | undefined;
  beforeAll(async () => {
    service = await startTestApp({ ...required, requirePreconditions: true });
    // The crowd uses up its limit of writes too.
    crowded = await startTestApp({
      ...required,
      maxAnswerBytes: LITTLE_ROOM_BYTES,
      requestTimeoutMs: 600_000,
      rateLimits: { read: null, write: { quota: CROWD, windowSeconds: 86_400 } },
    });
    withoutRoom = await startTestApp({ ...required, maxBodyBytes: 1 });
    exhausted = await startTestApp({ ...required, maxBodyBytes: 1, rateLimits: { read: ONE_A_DAY, write: ONE_A_DAY } });
    (await exhausted.api.get('/items')).expect(200);
    const stranger = exhausted.api.with(bearer(KEYS.stranger));
    (await stranger.get('/items')).expect(403, 'insufficient-scope');
    (await stranger.delete('/items/none')).expect(403, 'insufficient-scope');
    (await exhausted.api.delete('/items/none')).expect(404, 'item-not-found');
    mend = await crowd(crowded);
    const headers = { 'if-none-match': '*', 'idempotency-key': 'used' };
    (await service.api.put('/items/taken', { name: 'x' }, { headers })).expect(201);
  });
  afterAll(async () => {
    await mend?.();
    await Promise.all([service, crowded, withoutRoom, exhausted].map((one) => one?.close()));
  });

  const recipientOf = ({ recipient }: RawRequest) =>
    recipient ? { crowded, exhausted, 'without room': withoutRoom }[recipient] : service;
  const answerTo = async (message: RawRequest, { api } = recipientOf(message)) =>
    (await sendRaw(api.url, 1, bytesOf(message)))[0];
  /** Sends requests that have these faults, and expects the answer to the first of them. */
  const expectFirst = async (bases: BaseName[], ...faults: [Fault, ...Fault[]]) => {
    const [first] = faults;
    for (const base of bases) {
      const answer = (await answerTo(spoilt(base, ...faults))).expect(first.status, codeOf(first, base));
      expect(answer.json.detail).toMatch(first.detail ?? '');
    }
  };

  it('has a fault here for each step, in the same order', () => {
    const { head, body, write } = ORDER_OF_CHECKS;
    const inForce = [...head, ...body, ...write].filter(({ name }) => !BY_STATE.includes(name));
    expect(NAMES).toEqual(inForce.map(({ name }) => name));
    for (const { name, statuses } of inForce) expect(statuses).toContain(faultOf(name).status);
  });

  it.each(NAMES)('the fault of %s alone is answered', async (name) => {
    const bases = basesOf(faultOf(name));
    expect(bases).not.toEqual([]);
    await expectFirst(bases, faultOf(name));
  });

  it.each(SENT)('[A1] %s is answered before %s', async (earlier, later) => {
    const faults = [faultOf(earlier), faultOf(later)] as const;
    const bases = basesOf(...faults);
    // One list of checks judges every head. After it operations differ.
    await expectFirst(OF_HEAD.includes(later) ? bases.slice(0, 1) : bases, ...faults);
  });

  it('no operation judges both faults of a pair that is not sent', () => {
    const left = PAIRS.filter((pair) => !SENT.includes(pair) && !(pair.join(' + ') in EXCLUSIVE));
    const judged = left.filter((pair) =>
      OPERATIONS.some((operation) => pair.every((name) => judges(operation, faultOf(name)))),
    );
    expect(judged).toEqual([]);
    expect(PAIRS).toHaveLength(SENT.length + left.length + Object.keys(EXCLUSIVE).length);
  });

  it.each(Object.entries(EXCLUSIVE))('%s: no request can have both', async (_, commit) => {
    const message = spoilt('create');
    commit(message);
    (await answerTo(message)).expect(400, 'malformed-request');
  });

  it('[A1] during the start only faults are answered that are judged before it', async () => {
    const starting = await listenOnly(required);
    for (const [name, fault] of Object.entries(FAULTS)) {
      const [base] = basesOf(fault) as [BaseName];
      const answer = await answerTo(spoilt(base, fault), starting);
      const isEarlier = OF_HEAD.includes(name) && OF_HEAD.indexOf(name) < OF_HEAD.indexOf('start');
      if (isEarlier) answer.expect(fault.status, codeOf(fault, base));
      else answer.expect(503, 'starting');
    }
    await starting.close();
  });

  it('[A1] while the service stops only faults are answered that are judged before it', async () => {
    const stopping = await startStopping(required);
    for (const [name, fault] of Object.entries(FAULTS)) {
      const [base] = basesOf(fault) as [BaseName];
      const answer = await answerTo(spoilt(base, fault), stopping);
      const isEarlier = OF_HEAD.includes(name) && OF_HEAD.indexOf(name) < OF_HEAD.indexOf('drain');
      if (isEarlier) answer.expect(fault.status, codeOf(fault, base));
      else answer.expect(503, 'shutting-down');
    }
    expect((await stopping.finish()).statusCode).toBe(201);
  });

  it('none of them changed anything', async () => {
    expect((await service.api.get('/items')).expect(200).json.items).toMatchObject([{ id: 'taken', version: 1 }]);
  });

  it('each request is carried out without a fault', async () => {
    const statuses: [BaseName, number][] = [
      ['read', 200],
      ['query', 200],
      ['merge', 200],
      ['patch', 200],
      ['replace', 201],
    ];
    for (const [base, status] of statuses) (await answerTo(BASES[base].request)).expect(status);
    (await service.api.delete('/items/free', { headers: { 'if-match': '*' } })).expect(204);
    (await answerTo(BASES.create.request)).expect(201);
    (await answerTo(BASES.remove.request)).expect(204);
  });
});
