import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from './config.js';
import { readConfig } from './read-config.js';

describe('readConfig', () => {
  it('uses the defaults for settings that are missing or empty', () => {
    const defaults = {
      host: '127.0.0.1',
      port: 3000,
      auth: 'off',
      database: { engine: 'sqlite', path: resolve('data/items.sqlite'), timeoutMs: 5_000, queryTimeoutMs: 2_000 },
      headersTimeoutMs: 10_000,
      requestTimeoutMs: 30_000,
      keepAliveTimeoutMs: 72_000,
      answerTimeoutMs: 60_000,
      drainDelayMs: 0,
      shutdownTimeoutMs: 9_500,
      maxAnswerBytes: 16_777_216,
      maxBodyBytes: 16_777_216,
      maxWaiting: 1_000,
      maxFollowers: 1_000,
      metricsPort: undefined,
      maxEventLoopDelayMs: 250,
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
      seed: true,
      rateLimits: { read: null, write: null },
      trustedProxies: [],
      tracing: false,
    };
    expect(readConfig({})).toEqual(defaults);
    expect(readConfig({ HOST: '', PORT: '', DATABASE_URL: '', LOG_LEVEL: '', PUBLIC_URL: '', SEED: '' })).toEqual(
      defaults,
    );
  });

  it('reads every setting', () => {
    const environment = {
      HOST: '::1',
      PORT: '0',
      AUTH: 'required',
      DATABASE_URL: 'postgresql://items:p%40ss@db.example:5433/items?sslmode=require',
      DATABASE_TIMEOUT_MS: '750',
      QUERY_TIMEOUT_MS: '1500',
      HEADERS_TIMEOUT_MS: '900',
      REQUEST_TIMEOUT_MS: '1000',
      KEEP_ALIVE_TIMEOUT_MS: '1100',
      ANSWER_TIMEOUT_MS: '1200',
      METRICS_PORT: '9464',
      DRAIN_DELAY_MS: '5000',
      SHUTDOWN_TIMEOUT_MS: '30000',
      MAX_ANSWER_BYTES: '33554432',
      MAX_BODY_BYTES: '4194304',
      MAX_WAITING: '1',
      MAX_FOLLOWERS: '2',
      MAX_EVENT_LOOP_DELAY_MS: '500',
      IDEMPOTENCY_TTL_HOURS: '48',
      HISTORY_RETENTION_DAYS: '90',
      INDEXED_ATTRIBUTES: '"x.y".z, price',
      LOG_LEVEL: 'silent',
      PUBLIC_URL: 'https://items.example/registry/',
      ALLOWED_HOSTS: 'Items.internal., 10.0.0.7,[0:0::1]',
      CORS_ORIGINS: 'https://app.example,http://localhost:5173',
      REQUIRE_PRECONDITIONS: 'true',
      REHEARSAL: 'off',
      SEED: 'off',
      RATE_LIMIT_READ: '1000/60s',
      RATE_LIMIT_WRITE: '9/2h',
      TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector.example/v1/traces',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_SDK_DISABLED: 'false',
    };
    expect(readConfig(environment)).toEqual({
      host: '::1',
      port: 0,
      auth: 'required',
      database: {
        engine: 'postgres',
        url: environment.DATABASE_URL,
        address: expect.objectContaining({ host: 'db.example', tls: { rejectUnauthorized: false } }),
        timeoutMs: 750,
        queryTimeoutMs: 1_500,
      },
      headersTimeoutMs: 900,
      requestTimeoutMs: 1_000,
      keepAliveTimeoutMs: 1_100,
      answerTimeoutMs: 1_200,
      metricsPort: 9_464,
      drainDelayMs: 5_000,
      shutdownTimeoutMs: 30_000,
      maxAnswerBytes: 33_554_432,
      maxBodyBytes: 4_194_304,
      maxWaiting: 1,
      maxFollowers: 2,
      maxEventLoopDelayMs: 500,
      idempotencyTtlHours: 48,
      historyRetentionDays: 90,
      indexedAttributes: [['x.y', 'z'], ['price']],
      logLevel: 'silent',
      publicUrl: 'https://items.example/registry',
      allowedHosts: ['items.internal', '10.0.0.7', '[::1]'],
      corsOrigins: ['https://app.example', 'http://localhost:5173'],
      requirePreconditions: true,
      rehearsal: false,
      seed: false,
      rateLimits: { read: { quota: 1_000, windowSeconds: 60 }, write: { quota: 9, windowSeconds: 7_200 } },
      trustedProxies: [
        [expect.objectContaining({ octets: [10, 0, 0, 0] }), 8],
        [expect.objectContaining({ parts: [0, 0, 0, 0, 0, 0, 0, 1] }), 128],
      ],
      tracing: true,
    });
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['localhost', true],
    ['LOCALHOST', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.example.org', false],
    ['localhost.example.org', false],
  ])('HOST=%s: REHEARSAL is %s by default', (HOST, byDefault) => {
    const settings = { HOST, AUTH: 'off' };
    expect(readConfig(settings).rehearsal).toBe(byDefault);
    expect(readConfig({ ...settings, REHEARSAL: 'on' }).rehearsal).toBe(true);
    expect(readConfig({ ...settings, REHEARSAL: 'off' }).rehearsal).toBe(false);
  });

  it('with a PUBLIC_URL, REHEARSAL is off by default, whatever HOST is', () => {
    const settings = { HOST: '127.0.0.1', PUBLIC_URL: 'https://items.example', AUTH: 'off' };
    expect(readConfig(settings).rehearsal).toBe(false);
    expect(readConfig({ ...settings, REHEARSAL: 'on' }).rehearsal).toBe(true);
  });

  it.each([
    ['HOST', 'two words'],
    ['HOST', '127.0.0.1:3000'],
    ['HOST', '127.1'],
    ['HOST', '[::1]'],
    ['HOST', ' 127.0.0.1'],
    ['PORT', '3000 '],
    ['PORT', '3000\r'],
    ['PORT', '"3000"'],
    ['SEED', 'off\u00A0'],
    ['LOG_LEVEL', 'info\n'],
    ['PUBLIC_URL', 'https://items.example\t/x'],
    ['DATABASE_URL', 'sqlite:x '],
    ['DATABASE_URL', 'postgres://db.example/items '],
    ['DATABASE_URL', "'sqlite:x'"],
    ['PORT', '65536'],
    ['METRICS_PORT', '65536'],
    ['METRICS_PORT', '9464.'],
    ['PORT', '1e3'],
    ['PORT', '-1'],
    ['IDEMPOTENCY_TTL_HOURS', '0'],
    ['IDEMPOTENCY_TTL_HOURS', '8761'],
    ['IDEMPOTENCY_TTL_HOURS', '1.5'],
    ['HISTORY_RETENTION_DAYS', '0'],
    ['HISTORY_RETENTION_DAYS', '36501'],
    ['HISTORY_RETENTION_DAYS', '1.5'],
    ['HISTORY_RETENTION_DAYS', 'off'],
    ['LOG_LEVEL', 'INFO'],
    ['PUBLIC_URL', 'items.example'],
    ['PUBLIC_URL', 'ftp://items.example'],
    ['PUBLIC_URL', 'https://items.example/?a=1'],
    ['PUBLIC_URL', 'https://user:secret@items.example'],
    ['ALLOWED_HOSTS', 'items.example:8080'],
    ['ALLOWED_HOSTS', '*.items.example'],
    ['ALLOWED_HOSTS', 'https://items.example'],
    ['ALLOWED_HOSTS', 'items.example,'],
    ['ALLOWED_HOSTS', 'items.example 10.0.0.7'],
    ['ALLOWED_HOSTS', '10.0.0.256'],
    ['ALLOWED_HOSTS', '[::1]:80'],
    ['ALLOWED_HOSTS', 'b\u00FCcher.example'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'app.example'],
    ['CORS_ORIGINS', 'file:///app'],
    ['CORS_ORIGINS', 'https://*.example'],
    ['CORS_ORIGINS', 'https://app.example/'],
    ['CORS_ORIGINS', 'https://app.example/app'],
    ['CORS_ORIGINS', 'https://App.example'],
    ['CORS_ORIGINS', 'https://app.example:443'],
    ['CORS_ORIGINS', 'https://app.example,,https://b.example'],
    ['CORS_ORIGINS', 'https://user:secret@app.example'],
    ['DATABASE_TIMEOUT_MS', '5s'],
    ['HEADERS_TIMEOUT_MS', '0'],
    ['REQUEST_TIMEOUT_MS', '99'],
    ['KEEP_ALIVE_TIMEOUT_MS', '1000000'],
    ['ANSWER_TIMEOUT_MS', '-1'],
    ['DRAIN_DELAY_MS', '5s'],
    ['DRAIN_DELAY_MS', '7001'],
    ['SHUTDOWN_TIMEOUT_MS', '2999'],
    ['SHUTDOWN_TIMEOUT_MS', '1000000'],
    ['MAX_ANSWER_BYTES', '4194303'],
    ['MAX_BODY_BYTES', '16M'],
    ['AUTH', 'on'],
    ['AUTH', 'Required'],
    ['AUTH', 'false'],
    ['REQUIRE_PRECONDITIONS', 'on'],
    ['REQUIRE_PRECONDITIONS', 'TRUE'],
    ['REHEARSAL', 'true'],
    ['SEED', 'yes'],
    ['RATE_LIMIT_READ', '0/60s'],
    ['RATE_LIMIT_READ', '100/25h'],
    ['RATE_LIMIT_WRITE', '100/min'],
    ['RATE_LIMIT_WRITE', '100'],
    ['TRUSTED_PROXIES', 'proxy.example'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '10.1'],
    ['TRUSTED_PROXIES', '::ffff:10.0.0.0/104'],
    ['TRUSTED_PROXIES', '10.0.0.1,'],
    ['TRUSTED_PROXIES', 'fe80::1%eth0'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'ftp://localhost'],
    ['OTEL_SDK_DISABLED', 'yes'],
    ['OTEL_TRACES_EXPORTER', 'console'],
    ['SEED', 'constructor'],
    ['DATABASE_URL', 'items.sqlite'],
    ['DATABASE_URL', 'sqlite:'],
    ['DATABASE_URL', 'sqlite::memory:'],
    ['DATABASE_URL', 'mysql://db.example/items'],
    ['DATABASE_URL', 'postgres:///items'],
    ['DATABASE_URL', 'postgres://items:%zz@db.example/items'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
  });

  it('METRICS_PORT must not be PORT, unless both are free ones', () => {
    expect(() => readConfig({ METRICS_PORT: '3000' })).toThrow('METRICS_PORT must be another port than PORT');
    expect(readConfig({ PORT: '0', METRICS_PORT: '0' })).toMatchObject({ port: 0, metricsPort: 0 });
  });

  it('DRAIN_DELAY_MS may be longer if SHUTDOWN_TIMEOUT_MS is', () => {
    const settings = { DRAIN_DELAY_MS: '7001', SHUTDOWN_TIMEOUT_MS: '9501' };
    expect(readConfig(settings)).toMatchObject({ drainDelayMs: 7_001, shutdownTimeoutMs: 9_501 });
  });

  it('names all faults in one line, without the database URL', () => {
    const environment = { PORT: 'x', HOST: 'a\nb', DATABASE_URL: 'mysql://items:secret@db.example' };
    expect(faultOf(environment)).toMatch(
      /^The configuration is not usable: HOST=a b must be .+; PORT=x must be .+; DATABASE_URL must be .+$/,
    );
    expect(faultOf(environment)).not.toContain('secret');
  });

  it.each(['PUBLIC_URL', 'CORS_ORIGINS'])('keeps the password of a %s out of its message', (name) => {
    const fault = faultOf({ [name]: 'https://user:secret@items.example' });
    expect(fault).toContain(name);
    expect(fault).not.toContain('secret');
  });

  it.each([
    ['https://App.example:443/', 'CORS_ORIGINS must be origins as browsers write them, such as https://app.example'],
    ['*', 'CORS_ORIGINS must be origins, each by its name: * would let in every web page'],
  ])('says how to write CORS_ORIGINS=%s', (CORS_ORIGINS, says) => {
    expect(faultOf({ CORS_ORIGINS })).toBe(`The configuration is not usable: ${says}`);
  });
});

function faultOf(environment: Record<string, string>): string {
  try {
    readConfig(environment);
    return '';
  } catch (error) {
    return (error as ConfigError).message;
  }
}
