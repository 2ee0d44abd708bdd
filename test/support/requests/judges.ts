import { expect } from '@jest/globals';
import type { Config } from '../../../src/config/config.js';
import { ORDER_OF_CHECKS } from '../../../src/order-of-checks.js';
import { bearer, KEYS } from '../access/known-keys.js';
import type { Answer } from '../answer.js';
import { bytesOf, type RawRequest } from '../raw-request.js';
import { sendRaw } from '../raw-socket.js';
import { startTestApp, type TestApp } from '../test-app.js';
import { crowd, CROWD, LITTLE_ROOM_BYTES } from './crowd.js';
import { basesOf, codeOf, FAULTS, spoilt, type BaseName, type Fault } from './spoilt-requests.js';

/** All services know the keys of the requests. With AUTH=required foreign hosts are refused only by ALLOWED_HOSTS. */
export const REQUIRED = { auth: 'required' as const, allowedHosts: ['localhost', '127.0.0.1'] };
const ONE_A_DAY = { quota: 1, windowSeconds: 86_400 };

export const OF_HEAD = ORDER_OF_CHECKS.head.map(({ name }) => name);
const OF_WRITE = ORDER_OF_CHECKS.write.map(({ name }) => name);

export const FAULT_NAMES = Object.keys(FAULTS);
export const faultOf = (name: string) => FAULTS[name] as Fault;

/** A fault that is judged earlier, and one that is judged later. */
type Pair = [earlier: string, later: string];

export const PAIRS = FAULT_NAMES.flatMap((earlier, at) =>
  FAULT_NAMES.slice(at + 1).map((later): Pair => [earlier, later]),
);

/** Pairs of faults that exclude each other. A message that tried to have both is refused for its framing or fields. */
export const EXCLUSIVE: Record<string, (one: RawRequest) => void> = {
  // A request that was answered under a key had a valid one, and two fields are refused.
  'idempotency key field + idempotency key': ({ fields }) => (fields['Idempotency-Key'] = ['"', 'used']),
  // A body has a length or comes in chunks.
  'content length + body as counted': (one) => {
    FAULTS['body as counted']?.commit(one);
    FAULTS['content length']?.commit(one);
  },
};

/** Pairs that a request can have. */
export const SENT = PAIRS.filter(
  ([earlier, later]) => !(`${earlier} + ${later}` in EXCLUSIVE) && basesOf(faultOf(earlier), faultOf(later)).length > 0,
);

/** Of them, those of which the earlier fault is judged inside a write. */
export const SENT_INTO_WRITES = SENT.filter(([earlier]) => OF_WRITE.includes(earlier));

/** Those of which it is judged before a write. */
export const SENT_BEFORE_DATABASE = SENT.filter(([earlier]) => !OF_WRITE.includes(earlier));

/** Services that refuse what requests are spoilt with. */
export interface Judges {
  service: TestApp;
  answerTo(this: void, message: RawRequest): Promise<Answer>;
  /** Sends requests that have these faults, and expects the answer to the first of them. */
  expectFirst(this: void, bases: BaseName[], ...names: [string, ...string[]]): Promise<void>;
  close(this: void): Promise<void>;
}

/** Fails without a service that is left open. */
export async function startJudges(): Promise<Judges> {
  const open: TestApp[] = [];
  const start = async (settings: Partial<Config>) => {
    const service = await startTestApp({ ...REQUIRED, ...settings });
    open.push(service);
    return service;
  };
  const close = async () => void (await Promise.all(open.map((one) => one.close())));
  try {
    return await judgesOf(start, close);
  } catch (error) {
    await close();
    throw error;
  }
}

type Start = (settings: Partial<Config>) => Promise<TestApp>;

async function judgesOf(start: Start, close: () => Promise<void>): Promise<Judges> {
  const service = await start({ requirePreconditions: true });
  // The crowd uses up its limit of writes too.
  const crowded = await start({
    maxAnswerBytes: LITTLE_ROOM_BYTES,
    requestTimeoutMs: 600_000,
    rateLimits: { read: null, write: { quota: CROWD, windowSeconds: 86_400 } },
  });
  const withoutRoom = await start({ maxBodyBytes: 1 });
  const exhausted = await startExhausted(start);
  const headers = { 'if-none-match': '*', 'idempotency-key': 'used' };
  (await service.api.put('/items/taken', { name: 'x' }, { headers })).expect(201);
  const mend = await crowd(crowded);

  const recipientOf = ({ recipient }: RawRequest) =>
    recipient ? { crowded, exhausted, 'without room': withoutRoom }[recipient] : service;
  const answerTo = (message: RawRequest) => answerOf(recipientOf(message), message);
  return {
    service,
    answerTo,
    expectFirst: async (bases, ...names) => {
      const faults = names.map(faultOf) as [Fault, ...Fault[]];
      for (const base of bases)
        expectAnswer(await answerTo(spoilt(base, ...faults)), base, faults[0], names.join(' + '));
    },
    close: async () => {
      await mend();
      await close();
    },
  };
}

function expectAnswer(answer: Answer, base: BaseName, fault: Fault, names: string): void {
  try {
    answer.expect(fault.status, codeOf(fault, base));
    if (fault.detail) expect(answer.json.detail).toMatch(fault.detail);
  } catch (error) {
    throw new Error(`${names}, in ${base}`, { cause: error });
  }
}

/** The answer of a service to one message. */
export async function answerOf({ api }: TestApp, message: RawRequest): Promise<Answer> {
  return (await sendRaw(api.url, 1, bytesOf(message)))[0];
}

async function startExhausted(start: Start): Promise<TestApp> {
  const exhausted = await start({ maxBodyBytes: 1, rateLimits: { read: ONE_A_DAY, write: ONE_A_DAY } });
  (await exhausted.api.get('/items')).expect(200);
  const stranger = exhausted.api.with(bearer(KEYS.stranger));
  (await stranger.get('/items')).expect(403, 'insufficient-scope');
  (await stranger.delete('/items/none')).expect(403, 'insufficient-scope');
  (await exhausted.api.delete('/items/none')).expect(404, 'item-not-found');
  return exhausted;
}
