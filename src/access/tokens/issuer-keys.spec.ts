import type { ServerResponse } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { KeySource } from '../../config/settings/jwt-settings.js';
import type { Caller } from '../../contract/caller.js';
import { createLogger } from '../../telemetry/logger.js';
import { SigningKey } from '../../../test/support/tokens/signing-key.js';
import { TokenIssuer } from '../../../test/support/tokens/token-issuer.js';
import { IssuerKeys } from './issuer-keys.js';
import { Tokens } from './tokens.js';

const START = new Date('2026-01-02T03:04:05.678Z');

/** Answers of an issuer that give no keys, and what the log says of them. */
const BROKEN: [string, (response: ServerResponse) => void, string][] = [
  ['500', (response) => void response.writeHead(500).end('{"keys":[]}'), 'the answer has the status 500'],
  ['404', (response) => void response.writeHead(404).end(), 'the answer has the status 404'],
  ['a page', (response) => void response.end('<!doctype html><p>Sign in'), 'there is no JSON Web Key Set'],
  ['no keys', (response) => void response.end('{}'), 'there is no JSON Web Key Set'],
  ['an empty set', (response) => void response.end('{"keys":[]}'), 'there is no key that can verify tokens'],
  [
    'a set without a usable key',
    (response) => void response.end('{"keys":[{"kty":"oct","k":"AAAA"},{"kty":"FOO"}]}'),
    'there is no key that can verify tokens',
  ],
  ['keys that are no list', (response) => void response.end('{"keys":{}}'), 'there is no JSON Web Key Set'],
  ['a list', (response) => void response.end('[]'), 'there is no JSON Web Key Set'],
  ['null', (response) => void response.end('null'), 'there is no JSON Web Key Set'],
  ['nothing', (response) => void response.writeHead(200).end(), 'there is no JSON Web Key Set'],
  ['a huge answer', (response) => void response.end(' '.repeat(300_000)), 'there are more than 262144 bytes'],
  ['an endless answer', endlessly, 'there are more than 262144 bytes'],
  ['half an answer', (response) => void response.write('{"keys":', () => response.destroy()), 'ECONNRESET'],
  ['no answer', (response) => void response.destroy(), 'ECONNRESET'],
];

describe('IssuerKeys', () => {
  let issuer: TokenIssuer;
  let key: SigningKey;
  /** `now` says what time it is. Both say together how much has passed. */
  let clock: { now: Date; setBackMs: number };
  let log: { level: string; reason?: string; msg: string }[];
  let keys: IssuerKeys;
  let tokens: Tokens;

  beforeEach(async () => {
    issuer = await TokenIssuer.start();
    key = issuer.newKey('EdDSA', 'first');
    clock = { now: START, setBackMs: 0 };
    start();
  });
  afterEach(async () => {
    keys.onApplicationShutdown();
    await issuer.close();
  });

  function start(source: KeySource = issuer.jwt.keys): void {
    log = [];
    const jwt = { ...issuer.jwt, keys: source };
    const logger = createLogger('info', { write: (line) => void log.push(JSON.parse(line) as (typeof log)[number]) });
    const monotonic = () => clock.now.getTime() + clock.setBackMs;
    keys = new IssuerKeys({ jwt, auth: 'required' }, monotonic, logger);
    tokens = new Tokens({ jwt }, () => clock.now, monotonic, logger, keys);
  }

  const pass = (seconds: number) => (clock.now = new Date(clock.now.getTime() + seconds * 1000));
  const callerOf = async (by: SigningKey, more = {}): Promise<Caller | undefined> =>
    tokens.callerOf(by.token(issuer.claims(clock.now, { jti: Math.random(), ...more })));
  const warnings = () => log.filter(({ level }) => level === 'warn');

  it('asks for the keys at the start, once, and does not wait', async () => {
    keys.onApplicationBootstrap();
    expect(keys.current).toBeUndefined();
    expect(await Promise.all([callerOf(key), callerOf(key)])).toEqual([expect.anything(), expect.anything()]);
    expect(issuer.asked).toBe(1);
  });

  it('asks nobody, now or later, without an issuer, and if no operation needs a credential', () => {
    const logger = createLogger('silent');
    const timersOf = (config: ConstructorParameters<typeof IssuerKeys>[0]) => {
      const begun = new IssuerKeys(config, () => 0, logger);
      begun.onApplicationBootstrap();
      const timers = jest.getTimerCount();
      begun.onApplicationShutdown();
      return timers;
    };
    fakeIntervals();
    try {
      expect(timersOf({ auth: 'required', jwt: undefined })).toBe(0);
      expect(timersOf({ auth: 'off', jwt: issuer.jwt })).toBe(0);
      expect(timersOf({ auth: 'required', jwt: issuer.jwt })).toBe(1);
    } finally {
      jest.useRealTimers();
    }
  });

  it.each(BROKEN)(
    '503 while there are no keys: %s; then asks again after the time that it said',
    async (_what, answer, reason) => {
      issuer.answer = answer;
      await expect(callerOf(key)).rejects.toMatchObject(unavailableFor(5));
      pass(4.999);
      await expect(callerOf(key)).rejects.toMatchObject(unavailableFor(1));
      expect(issuer.asked).toBe(1);
      pass(0.001);
      await expect(callerOf(key)).rejects.toMatchObject(unavailableFor(5));
      expect(issuer.asked).toBe(2);
      expect(warnings()).toEqual([expect.objectContaining({ reason })]);
      issuer.answer = undefined;
      pass(5);
      expect(await callerOf(key)).toBeDefined();
    },
  );

  it('does not follow a redirect', async () => {
    const other = await TokenIssuer.start();
    issuer.answer = (response) => void response.writeHead(302, { location: other.url }).end();
    await expect(callerOf(key)).rejects.toMatchObject(unavailableFor(5));
    expect(other.asked).toBe(0);
    expect(warnings()).toEqual([expect.objectContaining({ reason: 'the answer has the status 302' })]);
    await other.close();
  });

  it('503 if the issuer does not answer for five seconds', async () => {
    issuer.answer = () => undefined;
    const first = callerOf(key);
    await issuer.nextAsked();
    // What ends the reading must survive a collection of garbage.
    await new Promise(setImmediate);
    collectGarbage();
    await Promise.all([
      expect(first).rejects.toMatchObject(unavailableFor(5)),
      expect(callerOf(key)).rejects.toBeDefined(),
    ]);
    expect(issuer.asked).toBe(1);
    expect(warnings()).toEqual([expect.objectContaining({ reason: 'no answer within 5000 ms' })]);
  });

  it('503 while nothing listens, one warning, and works as soon as it does', async () => {
    const { port } = new URL(issuer.url);
    await issuer.close();
    await expect(callerOf(key)).rejects.toMatchObject(unavailableFor(5));
    pass(5);
    await expect(callerOf(key)).rejects.toMatchObject(unavailableFor(5));
    expect(warnings()).toEqual([expect.objectContaining({ reason: 'ECONNREFUSED' })]);
    issuer = await TokenIssuer.start(Number(port));
    issuer.keys = [key.jwk];
    pass(5);
    expect(await callerOf(key)).toBeDefined();
    expect(log.at(-1)?.msg).toBe('The keys of the issuer of tokens can be read again');
  });

  it('refuses what it can refuse without keys', async () => {
    issuer.answer = (response) => void response.writeHead(500).end();
    for (const more of [{ iss: 'x' }, { aud: 'x' }, { exp: 1 }, { exp: undefined }]) {
      expect(await callerOf(key, more)).toBeUndefined();
    }
    expect(await callerOf(new SigningKey('ES384', 'first'))).toBeUndefined();
    expect(issuer.asked).toBe(0);
  });

  it('lets 500 requests wait for the issuer, and answers 503 to the others at once', async () => {
    expect(await callerOf(key)).toBeDefined();
    let answer: (() => void) | undefined;
    issuer.answer = (response) => (answer = () => issuer.answerKeys(response));
    const next = new SigningKey('EdDSA', 'second');
    const first = callerOf(next);
    await issuer.nextAsked();
    const waiting = [first, ...Array.from({ length: 499 }, () => callerOf(next))];
    while (keys.waiting < 500) await new Promise(setImmediate);
    await expect(callerOf(next)).rejects.toMatchObject(unavailableFor(5));
    // Tokens with known keys wait for nothing, and those that wait take no place from them.
    const known = await Promise.all(Array.from({ length: 900 }, () => callerOf(key)));
    expect(known.filter((caller) => caller === undefined)).toEqual([]);
    issuer.keys.push(next.jwk);
    answer!();
    expect((await Promise.all(waiting)).filter((caller) => caller === undefined)).toEqual([]);
    expect(keys.waiting).toBe(0);
  });

  it('knows a new key at once, and forgets one that is withdrawn, with the tokens that it had verified', async () => {
    const old = key.token(issuer.claims(clock.now));
    expect(await tokens.callerOf(old)).toBeDefined();
    issuer.keys = [];
    const next = issuer.newKey('ES256', 'second');
    expect(await callerOf(next)).toBeDefined();
    expect(await tokens.callerOf(old)).toBeUndefined();
    expect(issuer.asked).toBe(2);
  });

  it('asks at most every 30 s when unknown keys come', async () => {
    expect(await callerOf(key)).toBeDefined();
    const unknown = Array.from({ length: 200 }, (_, at) => new SigningKey('EdDSA', `unknown-${at}`));
    const flood = () => Promise.all(unknown.map((one) => callerOf(one)));
    expect((await flood()).filter(Boolean)).toEqual([]);
    expect(issuer.asked).toBe(2);
    pass(29.999);
    expect((await flood()).filter(Boolean)).toEqual([]);
    expect(issuer.asked).toBe(2);
    pass(0.001);
    expect((await flood()).filter(Boolean)).toEqual([]);
    expect(issuer.asked).toBe(3);
    // Keys that stay the same leave what they verified.
    expect(await callerOf(key)).toBeDefined();
  });

  it('asks once more if the keys were already on their way when an unknown one came', async () => {
    expect(await callerOf(key)).toBeDefined();
    const next = new SigningKey('EdDSA', 'second');
    const answers: (() => void)[] = [];
    issuer.answer = (response) => {
      const keysNow = JSON.stringify({ keys: issuer.keys });
      answers.push(() => response.end(keysNow));
    };
    const early = callerOf(new SigningKey('EdDSA', 'unknown'));
    await issuer.nextAsked();
    issuer.keys.push(next.jwk);
    pass(30);
    const late = callerOf(next);
    while (keys.waiting < 2) await new Promise(setImmediate);
    answers[0]!();
    await issuer.nextAsked();
    answers[1]!();
    expect(await late).toBeDefined();
    expect(await early).toBeUndefined();
  });

  it('503 to a token with an unknown key while the issuer is away; the known ones go on', async () => {
    const verified = key.token(issuer.claims(clock.now));
    expect(await tokens.callerOf(verified)).toBeDefined();
    issuer.answer = (response) => void response.writeHead(500).end();
    const next = issuer.newKey('EdDSA', 'second');
    await expect(callerOf(next)).rejects.toMatchObject(unavailableFor(30));
    pass(10);
    await expect(callerOf(next)).rejects.toMatchObject(unavailableFor(20));
    expect(issuer.asked).toBe(2);
    expect(tokens.callerOf(verified)).toMatchObject({ id: 'jwt:https://issuer.example|alice' });
    expect(await callerOf(key)).toBeDefined();
    issuer.answer = undefined;
    pass(20);
    expect(await callerOf(next)).toBeDefined();
    expect(warnings()).toHaveLength(1);
  });

  it.each(BROKEN)('keeps its keys when the issuer sends something else: %s', async (_what, answer) => {
    expect(await callerOf(key)).toBeDefined();
    issuer.answer = answer;
    await expect(callerOf(new SigningKey('EdDSA', 'second'))).rejects.toMatchObject(unavailableFor(30));
    expect(await callerOf(key)).toBeDefined();
  });

  it('reads them again after ten minutes, without a request', async () => {
    fakeIntervals();
    try {
      keys.onApplicationBootstrap();
      expect(await callerOf(key)).toBeDefined();
      issuer.keys = [new SigningKey('EdDSA', 'other').jwk];
      pass(599);
      jest.advanceTimersByTime(60_000);
      pass(1);
      expect(issuer.asked).toBe(1);
      jest.advanceTimersByTime(60_000);
      await issuer.nextAsked();
      await keys.newerThan(keys.current!);
      expect(await callerOf(key)).toBeUndefined();
      keys.onApplicationShutdown();
      pass(600);
      jest.advanceTimersByTime(600_000);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('counts its pauses by a clock that nobody sets: they are as long after the clock was set back', async () => {
    const setBack = (seconds: number) => {
      pass(-seconds);
      clock.setBackMs += seconds * 1000;
    };
    issuer.answer = (response) => void response.writeHead(500).end();
    await expect(callerOf(key)).rejects.toMatchObject(unavailableFor(5));
    issuer.answer = undefined;
    setBack(3600);
    pass(4);
    await expect(callerOf(key)).rejects.toMatchObject(unavailableFor(1));
    pass(1);
    expect(await callerOf(key)).toBeDefined();
    expect(await callerOf(issuer.newKey('EdDSA', 'second'))).toBeDefined();
    setBack(3600);
    const last = issuer.newKey('EdDSA', 'third');
    pass(29);
    expect(await callerOf(last)).toBeUndefined();
    pass(1);
    expect(await callerOf(last)).toBeDefined();
  });

  it('a key without a name: found if it is the only one, and looked for again if its signature is another', async () => {
    issuer.keys = [];
    const nameless = issuer.newKey('EdDSA');
    expect(await callerOf(nameless)).toBeDefined();
    issuer.keys = [];
    const next = issuer.newKey('EdDSA');
    expect(await callerOf(next)).toBeDefined();
    expect(await callerOf(nameless)).toBeUndefined();
    issuer.keys.push(nameless.jwk);
    pass(30);
    // Two without names: the token must say which.
    expect(await callerOf(nameless)).toBeUndefined();
  });

  it('leaves out keys that can’t verify: secret, private, short, broken, of other kinds', async () => {
    const secret = { ...key.jwk, d: key.privateKey.export({ format: 'jwk' }).d };
    issuer.keys = [{ kty: 'oct', kid: 'x', k: 'AAAA' }, { kty: 'RSA', kid: 'x' }, { kty: 'FOO' }, {}, secret];
    issuer.keys.push(new SigningKey('EdDSA', 'other').jwk);
    expect(await callerOf(key)).toBeUndefined();
    pass(30);
    issuer.keys.push(key.jwk);
    expect(await callerOf(key)).toBeDefined();
    expect(log.filter(({ msg }) => msg.includes('new keys'))).toMatchObject([{ keys: 1 }, { keys: 2 }]);
  });

  it('reads a file as it reads a URL', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'items-'));
    try {
      const file = join(folder, 'jwks.json');
      await writeFile(file, JSON.stringify({ keys: [key.jwk] }));
      start({ file });
      expect(await callerOf(key)).toBeDefined();
      const next = issuer.newKey('RS256', 'second');
      await writeFile(file, JSON.stringify({ keys: issuer.keys }));
      expect(await callerOf(next)).toBeDefined();
      await rm(file);
      pass(30);
      await expect(callerOf(new SigningKey('EdDSA', 'third'))).rejects.toMatchObject(unavailableFor(30));
      expect(warnings()).toEqual([expect.objectContaining({ reason: 'ENOENT' })]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('ends a reading under way when the service stops, without a warning', async () => {
    issuer.answer = () => undefined;
    const waiting = callerOf(key);
    await issuer.nextAsked();
    keys.onApplicationShutdown();
    await expect(waiting).rejects.toBeDefined();
    expect(log).toEqual([]);
  });
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

function fakeIntervals(): void {
  jest.useFakeTimers({
    doNotFake: [
      'Date',
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setTimeout',
      'clearTimeout',
    ],
  });
}

function endlessly(response: ServerResponse): void {
  const more = (error?: Error | null) => void (error || response.write(' '.repeat(65_536), more));
  more();
}

function unavailableFor(seconds: number) {
  return {
    status: 503,
    response: { type: { code: 'token-keys-unavailable' }, details: { fields: { 'retry-after': String(seconds) } } },
  };
}
