import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createApp, listenForMetrics, makeReady, type CreateNest } from '../../src/app.js';
import { CLOCK, MONOTONIC_CLOCK } from '../../src/config/clock.js';
import type { Config } from '../../src/config/config.js';
import { HEAD_CHECKS, type Check, type HeadCheck } from '../../src/http/head/head-judge.js';
import { StartGate } from '../../src/http/head/start-gate.js';
import { headChecks } from '../../src/order-of-checks.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { bearer, KEYS, plantKeys } from './access/known-keys.js';
import { Caller } from './caller.js';
import { DEFAULT_AUTH, sendByDefault } from './access/default-access.js';
import { migratedDatabase, newDatabase, type TestDatabase } from './database/engine.js';

/** The service as it starts in production, on a free port and a new database, with a clock that the test sets. */
export interface TestApp {
  /** Sends a key with every scope if AUTH is required. */
  api: Caller;
  app: NestFastifyApplication;
  config: Config;
  database: OwnedDatabase;
  /** Every line of the log so far, parsed. */
  log: Record<string, unknown>[];
  /**
   * The service's time. It is 2026-01-02T03:04:05.678Z unless set, and does not move. Whoever sets it back as an operator does, and
   * not to undo that it was set, says so in `setBackMs`: by how much in all.
   */
  clock: TestClock;
  /** Opens the database. `startTestApp` has already done it. */
  makeReady(this: void): Promise<void>;
  close(): Promise<void>;
}

/** Whoever gives a service its database drops it. */
type OwnedDatabase = Pick<TestDatabase, 'config' | 'drop'>;

/** `now` says what time it is. Both say together how much has passed. */
interface TestClock {
  now: Date;
  setBackMs: number;
}

/**
 * Without `settings`: {@link DEFAULT_AUTH}, no tutorial items, no PUBLIC_URL, log level info. With AUTH=required it knows
 * {@link KEYS}. `lastCheck` runs after the service's own checks of the head. Unless it is given, its database has all tables
 * before the service opens it.
 */
export async function startTestApp(settings: Partial<Config> = {}, lastCheck?: Check): Promise<TestApp> {
  const service = await listenOn(given(settings) ?? (await migratedDatabase()), settings, lastCheck);
  await service.makeReady();
  return service;
}

/**
 * The same with a database that was never opened: every query fails, so what this service answers as it should is answered before the
 * first one. With AUTH=off, since keys are in the database. The files of BEFORE_DATABASE (runner/one-engine.mjs) start it.
 */
export async function startWithoutDatabase(settings: Partial<Config> = {}, lastCheck?: Check): Promise<TestApp> {
  const service = await listenOn(await newDatabase(), { auth: 'off', ...settings }, lastCheck);
  service.app.get(StartGate).open();
  return service;
}

/** The same during its start: it listens, but has not opened its database, which is empty. */
export async function listenOnly(settings: Partial<Config> = {}, lastCheck?: Check): Promise<TestApp> {
  return listenOn(given(settings) ?? (await newDatabase()), settings, lastCheck);
}

function given({ database }: Partial<Config>): OwnedDatabase | undefined {
  return database && { config: database, drop: () => Promise.resolve() };
}

async function listenOn(database: OwnedDatabase, settings: Partial<Config>, lastCheck?: Check): Promise<TestApp> {
  try {
    return await startOn(database, settings, lastCheck);
  } catch (error) {
    await database.drop();
    throw error;
  }
}

async function startOn(database: OwnedDatabase, settings: Partial<Config>, lastCheck?: Check): Promise<TestApp> {
  const config: Config = {
    host: '127.0.0.1',
    port: 0,
    metricsPort: undefined,
    auth: DEFAULT_AUTH,
    database: database.config,
    headersTimeoutMs: 30_000,
    requestTimeoutMs: 30_000,
    keepAliveTimeoutMs: 72_000,
    answerTimeoutMs: 60_000,
    drainDelayMs: 0,
    shutdownTimeoutMs: 9_500,
    maxAnswerBytes: 16_777_216,
    maxBodyBytes: 16_777_216,
    maxWaiting: 1_000,
    maxFollowers: 1_000,
    maxEventLoopDelayMs: 60_000,
    idempotencyTtlHours: 24,
    historyRetentionDays: undefined,
    indexedAttributes: [],
    logLevel: 'info',
    publicUrl: undefined,
    allowedHosts: [],
    corsOrigins: [],
    jwt: undefined,
    requirePreconditions: false,
    rehearsal: true,
    seed: false,
    rateLimits: { read: null, write: null },
    trustedProxies: [],
    tracing: false,
    ...settings,
  };
  const clock = { now: new Date('2026-01-02T03:04:05.678Z'), setBackMs: 0 };
  const log: Record<string, unknown>[] = [];
  const app = await createApp(config, loggerInto(log), withTestingModule(clock, lastCheck));
  await app.listen({ host: config.host, port: config.port });
  await listenForMetrics(app, config.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const hasKeys = config.auth === 'required';
  const key = hasKeys ? bearer(KEYS.all) : undefined;
  const url = `http://127.0.0.1:${port}`;
  // A test that asks for credentials itself says which requests have one.
  sendByDefault(url, settings.auth === undefined ? key : undefined);
  const api = new Caller(url, failOnBreach(log), key);
  const service: TestApp = {
    api,
    app,
    config,
    database,
    log,
    clock,
    makeReady: async () => {
      await makeReady(service.app);
      if (hasKeys) await plantKeys(service.app, clock.now);
    },
    close: async () => {
      api.close();
      await service.app.close();
      await database.drop();
      // Node frees no module of a test file, and so nothing that its variables hold.
      Object.assign(service, { app: undefined, close: () => Promise.resolve() });
    },
  };
  return service;
}

// The watch logs before the answer leaves, so the line is there when the answer is.
function failOnBreach(log: Record<string, unknown>[]): () => void {
  let seen = 0;
  return () => {
    for (; seen < log.length; seen += 1) {
      const breach = log[seen]?.breach as string | undefined;
      if (breach === undefined) continue;
      seen += 1;
      throw new Error(`The watch: ${breach}`);
    }
  };
}

function withTestingModule(clock: TestClock, lastCheck?: Check): CreateNest {
  return async (module, adapter, options) => {
    const testing = Test.createTestingModule({ imports: [module] })
      .overrideProvider(CLOCK)
      .useValue(() => clock.now)
      .overrideProvider(MONOTONIC_CLOCK)
      .useValue(() => clock.now.getTime() + clock.setBackMs);
    if (lastCheck) testing.overrideProvider(HEAD_CHECKS).useFactory(withLast(lastCheck));
    return (await testing.compile()).createNestApplication<NestFastifyApplication>(adapter, options);
  };
}

function withLast(lastCheck: Check) {
  const { useFactory, inject } = headChecks;
  return { factory: (...live: HeadCheck[]) => [...(useFactory(...live) as Check[]), lastCheck], inject };
}

function loggerInto(log: Record<string, unknown>[]) {
  return createLogger('info', { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) });
}
