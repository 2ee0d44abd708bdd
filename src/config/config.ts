import { isIP } from 'node:net';
import { authSetting, type Auth } from './settings/access-settings.js';
import { ALLOWED_HOSTS, CORS_ORIGINS } from './settings/browser-settings.js';
import { parseDatabaseUrl, type DatabaseAddress } from './settings/database-address.js';
import { RETENTION } from './settings/history-retention.js';
import { INDEXED_ATTRIBUTES, type AttributePath } from './settings/indexed-attributes.js';
import { REQUESTS } from './settings/load-limits.js';
import { RATE_LIMIT, type RateLimit } from './settings/rate-limit.js';
import { DRAIN_DELAY, LEFT_BY_DELAY_MS, SHUTDOWN_TIMEOUT } from './settings/shutdown.js';
import { ADDRESS_RANGES, type AddressRange } from './settings/trusted-proxies.js';
import { readJwtConfig, type JwtConfig } from './settings/jwt-settings.js';
import { LOG_LEVELS, type LogLevel } from './settings/log-levels.js';
import { isLoopback } from './settings/loopback.js';
import { Misfit } from './settings/misfit.js';
import { readTracing } from './settings/tracing-settings.js';
import type { SettingName } from './setting-names.js';

/**
 * The database, how long it may take to answer before the client gets 503, and how long to make a list before it is stopped, in
 * milliseconds.
 */
export type DatabaseConfig = DatabaseAddress & { timeoutMs: number; queryTimeoutMs: number };

export type Engine = DatabaseAddress['engine'];

/** All settings of the service, read once at start and passed on as a value. */
export interface Config {
  /**
   * Whether operations with a scope need a credential. `AUTH`, default off if only this machine reaches the service; otherwise it
   * must be set.
   */
  auth: Auth;
  /** Address to listen on. `HOST`, default 127.0.0.1. */
  host: string;
  /** TCP port; 0 takes a free one. `PORT`, default 3000. */
  port: number;
  /** TCP port of the metrics, which are not on `port` then; undefined if they are. `METRICS_PORT`, default none. */
  metricsPort: number | undefined;
  /** `DATABASE_URL`, default sqlite:./data/items.sqlite; `DATABASE_TIMEOUT_MS`, default 5000; `QUERY_TIMEOUT_MS`, default 2000. */
  database: DatabaseConfig;
  /** How long the head of a request may take to arrive, in milliseconds. `HEADERS_TIMEOUT_MS`, default 10000. */
  headersTimeoutMs: number;
  /** How long a whole request may take to arrive, in milliseconds. `REQUEST_TIMEOUT_MS`, default 30000. */
  requestTimeoutMs: number;
  /** How long a connection may be idle before a request, in milliseconds. `KEEP_ALIVE_TIMEOUT_MS`, default 72000. */
  keepAliveTimeoutMs: number;
  /** How long a client may take to read an answer, in milliseconds. `ANSWER_TIMEOUT_MS`, default 60000. */
  answerTimeoutMs: number;
  /** Memory for all answers that clients have not yet read, in bytes. `MAX_ANSWER_BYTES`, default 16777216. */
  maxAnswerBytes: number;
  /** Memory for all request bodies that are being read, in bytes. `MAX_BODY_BYTES`, default 16777216. */
  maxBodyBytes: number;
  /** How long requests are served after the signal to stop, in milliseconds. `DRAIN_DELAY_MS`, default 0. */
  drainDelayMs: number;
  /** How long a stop may take from the signal on, in milliseconds, the delay included. `SHUTDOWN_TIMEOUT_MS`, default 9500. */
  shutdownTimeoutMs: number;
  /** How many requests may wait for their answers. `MAX_WAITING`, default 1000. */
  maxWaiting: number;
  /** How many clients may follow changes, by long polls and streams together. `MAX_FOLLOWERS`, default 1000. */
  maxFollowers: number;
  /** How late the event loop may be, in milliseconds. `MAX_EVENT_LOOP_DELAY_MS`, default 250. */
  maxEventLoopDelayMs: number;
  /** How long the outcome of a request with an Idempotency-Key is remembered. `IDEMPOTENCY_TTL_HOURS`, default 24. */
  idempotencyTtlHours: number;
  /** For how long an earlier state of an item can be read; undefined for ever. `HISTORY_RETENTION_DAYS`, default none. */
  historyRetentionDays: number | undefined;
  /** The attributes that get indexes for filters. `INDEXED_ATTRIBUTES`, default none. */
  indexedAttributes: AttributePath[];
  /** `LOG_LEVEL`, default info. */
  logLevel: LogLevel;
  /** URL under which clients reach the service, without a trailing slash. `PUBLIC_URL`, default none. */
  publicUrl: string | undefined;
  /**
   * The hosts that requests may be for. With `auth` off on loopback, those of loopback and of PUBLIC_URL are added; otherwise,
   * if there is none, all are allowed. `ALLOWED_HOSTS`, default none.
   */
  allowedHosts: string[];
  /** The origins whose web pages may call the service. `CORS_ORIGINS`, default none. */
  corsOrigins: string[];
  /** Which JSON Web Tokens are accepted; undefined if none are. `JWT_ISSUER` and the other settings that begin with `JWT_`. */
  jwt: JwtConfig | undefined;
  /** Whether PUT, PATCH and DELETE must be conditional (RFC 6585 §3). `REQUIRE_PRECONDITIONS`, default false. */
  requirePreconditions: boolean;
  /** Whether `Rehearse` is followed. `REHEARSAL`, default on if `HOST` is a loopback address and `PUBLIC_URL` is not set. */
  rehearsal: boolean;
  /** Whether an SQLite file in which no item was ever written starts with the two tutorial items. `SEED`, default on. */
  seed: boolean;
  /** Limits of requests for each caller, by the rate of the operation. `RATE_LIMIT_READ`, `RATE_LIMIT_WRITE`, default none. */
  rateLimits: { read: RateLimit | null; write: RateLimit | null };
  /** The proxies that are believed about the address of a client. `TRUSTED_PROXIES`, default none. */
  trustedProxies: AddressRange[];
  /**
   * Whether spans are sent: whether `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` is set, and not
   * `OTEL_SDK_DISABLED`.
   */
  tracing: boolean;
}

/** Injection token of the {@link Config}. */
export const CONFIG = Symbol('Config');

/** Names every unusable setting. The process ends with exit code 78 (EX_CONFIG of sysexits.h). */
export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(`The configuration is not usable: ${faults.join('; ')}`);
  }
}

interface Findings {
  faults: string[];
  remarks: string[];
}

interface Setting<T> {
  fallback: string;
  /** Completes the sentence "… must be". */
  expected: string;
  parse: (text: string) => T | Misfit | undefined;
  /** Messages don't show the value. */
  secret?: boolean;
  /** Quotes around the value can be part of it. */
  mayBeQuoted?: boolean;
}

const MILLISECONDS = { expected: 'a number of milliseconds from 100 to 999999', parse: parseMilliseconds };

const TCP_PORT = { expected: 'a port number from 0 to 65535', parse: parsePort };

/** At least the size of the largest request and of the largest answer. */
const BYTES = { expected: 'a number of bytes from 4194304 to 9999999999', parse: parseBytes };

/**
 * Reads the configuration from an environment. An empty value counts as absent. `found` holds the faults found so far.
 * Throws ConfigError with all faults, then the remarks, since a remark may be the cause.
 */
export function readConfig(environment: NodeJS.ProcessEnv, found: Findings = { faults: [], remarks: [] }): Config {
  const faults = [...found.faults];
  const read = <T>(name: SettingName, setting: Setting<T>): T => {
    const text = environment[name] || setting.fallback;
    const value = misfitOf(text, setting.mayBeQuoted) ?? setting.parse(text);
    if (value !== undefined && !(value instanceof Misfit)) return value;
    const { expected } = value instanceof Misfit ? value : new Misfit(setting.expected);
    faults.push(...expected.map((one) => `${setting.secret || !text ? name : quoted(name, text)} must be ${one}`));
    return undefined as T;
  };
  const host = read('HOST', { fallback: '127.0.0.1', expected: 'an IP address or a host name', parse: parseHost });
  const publicUrl = environment.PUBLIC_URL
    ? read('PUBLIC_URL', {
        fallback: '',
        expected: 'an absolute http or https URL without user, query or fragment',
        parse: parsePublicUrl,
        secret: true,
      })
    : undefined;
  const config: Config = {
    auth: read('AUTH', authSetting(host, publicUrl)),
    host,
    port: read('PORT', { fallback: '3000', ...TCP_PORT }),
    metricsPort: environment.METRICS_PORT ? read('METRICS_PORT', { fallback: '', ...TCP_PORT }) : undefined,
    database: {
      ...read('DATABASE_URL', {
        fallback: 'sqlite:./data/items.sqlite',
        expected: 'sqlite:<path of a file> or postgres://user:password@host:port/database, percent-encoded',
        parse: parseDatabaseUrl,
        secret: true,
      }),
      timeoutMs: read('DATABASE_TIMEOUT_MS', { fallback: '5000', ...MILLISECONDS }),
      queryTimeoutMs: read('QUERY_TIMEOUT_MS', { fallback: '2000', ...MILLISECONDS }),
    },
    headersTimeoutMs: read('HEADERS_TIMEOUT_MS', { fallback: '10000', ...MILLISECONDS }),
    requestTimeoutMs: read('REQUEST_TIMEOUT_MS', { fallback: '30000', ...MILLISECONDS }),
    keepAliveTimeoutMs: read('KEEP_ALIVE_TIMEOUT_MS', { fallback: '72000', ...MILLISECONDS }),
    answerTimeoutMs: read('ANSWER_TIMEOUT_MS', { fallback: '60000', ...MILLISECONDS }),
    maxAnswerBytes: read('MAX_ANSWER_BYTES', { fallback: '16777216', ...BYTES }),
    maxBodyBytes: read('MAX_BODY_BYTES', { fallback: '16777216', ...BYTES }),
    drainDelayMs: read('DRAIN_DELAY_MS', DRAIN_DELAY),
    shutdownTimeoutMs: read('SHUTDOWN_TIMEOUT_MS', SHUTDOWN_TIMEOUT),
    maxWaiting: read('MAX_WAITING', { fallback: '1000', ...REQUESTS }),
    maxFollowers: read('MAX_FOLLOWERS', { fallback: '1000', ...REQUESTS }),
    maxEventLoopDelayMs: read('MAX_EVENT_LOOP_DELAY_MS', { fallback: '250', ...MILLISECONDS }),
    idempotencyTtlHours: read('IDEMPOTENCY_TTL_HOURS', {
      fallback: '24',
      expected: 'a number of hours from 1 to 8760',
      parse: parseHours,
    }),
    historyRetentionDays: environment.HISTORY_RETENTION_DAYS ? read('HISTORY_RETENTION_DAYS', RETENTION) : undefined,
    indexedAttributes: environment.INDEXED_ATTRIBUTES ? read('INDEXED_ATTRIBUTES', INDEXED_ATTRIBUTES) : [],
    logLevel: read('LOG_LEVEL', {
      fallback: 'info',
      expected: `one of ${LOG_LEVELS.join(', ')}`,
      parse: parseLogLevel,
    }),
    publicUrl,
    allowedHosts: read('ALLOWED_HOSTS', ALLOWED_HOSTS),
    corsOrigins: read('CORS_ORIGINS', CORS_ORIGINS),
    jwt: readJwtConfig(environment, read, faults),
    requirePreconditions: read('REQUIRE_PRECONDITIONS', {
      fallback: 'false',
      expected: 'true or false',
      parse: parseBoolean,
    }),
    rehearsal: read('REHEARSAL', {
      // With a public URL, clients come from elsewhere, through a proxy on this machine.
      fallback: host !== undefined && isLoopback(host) && !environment.PUBLIC_URL ? 'on' : 'off',
      expected: 'on or off',
      parse: parseSwitch,
    }),
    seed: read('SEED', { fallback: 'on', expected: 'on or off', parse: parseSwitch }),
    rateLimits: { read: read('RATE_LIMIT_READ', RATE_LIMIT), write: read('RATE_LIMIT_WRITE', RATE_LIMIT) },
    trustedProxies: environment.TRUSTED_PROXIES ? read('TRUSTED_PROXIES', ADDRESS_RANGES) : [],
    tracing: readTracing(environment, read),
  };
  if (config.drainDelayMs > config.shutdownTimeoutMs - LEFT_BY_DELAY_MS) {
    faults.push(`DRAIN_DELAY_MS must leave ${LEFT_BY_DELAY_MS} ms of SHUTDOWN_TIMEOUT_MS`);
  }
  if (config.metricsPort !== undefined && config.metricsPort !== 0 && config.metricsPort === config.port) {
    faults.push('METRICS_PORT must be another port than PORT');
  }
  if (faults.length > 0) throw new ConfigError([...faults, ...found.remarks]);
  return config;
}

// Always mistakes, which most settings would accept silently.
function misfitOf(text: string, mayBeQuoted = false): Misfit | undefined {
  if (text !== text.trim()) return new Misfit('written without spaces before and after it');
  if (/\p{Cc}/u.test(text)) return new Misfit('written on one line, without control characters');
  return !mayBeQuoted && /^(["'`]).*\1$/.test(text) ? new Misfit('written without the quotes around it') : undefined;
}

// Keeps the message on one line.
function quoted(name: string, text: string): string {
  return `${name}=${text.replaceAll(/\p{Cc}/gu, ' ')}`;
}

function parseSwitch(text: string): boolean | undefined {
  if (text === 'on') return true;
  return text === 'off' ? false : undefined;
}

function parseBoolean(text: string): boolean | undefined {
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}

function parseHost(text: string): string | undefined {
  // Refuses 10.0.0.256 too, and 127.1, which resolvers read in different ways.
  const isName = /^[A-Za-z0-9._-]+$/.test(text) && !/(^|\.)\d+\.?$/.test(text);
  return isIP(text) > 0 || isName ? text : undefined;
}

function parseMilliseconds(text: string): number | undefined {
  return /^\d{3,6}$/.test(text) ? Number(text) : undefined;
}

function parseBytes(text: string): number | undefined {
  return /^[1-9]\d{6,9}$/.test(text) && Number(text) >= 4_194_304 ? Number(text) : undefined;
}

function parseHours(text: string): number | undefined {
  return /^[1-9]\d{0,3}$/.test(text) && Number(text) <= 8760 ? Number(text) : undefined;
}

function parsePort(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

function parseLogLevel(text: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === text);
}

function parsePublicUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, search, hash, href } = new URL(text);
  const isPlain = /^https?:$/.test(protocol) && !username && !password && !search && !hash;
  return isPlain ? href.replace(/\/+$/, '') : undefined;
}
