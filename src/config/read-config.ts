import { isIP } from 'node:net';
import { ConfigError, type Config } from './config.js';
import { authSetting } from './settings/access-settings.js';
import { ALLOWED_HOSTS, CORS_ORIGINS } from './settings/browser-settings.js';
import { parseDatabaseUrl } from './settings/database-address.js';
import { RETENTION } from './settings/history-retention.js';
import { INDEXED_ATTRIBUTES } from './settings/indexed-attributes.js';
import { REQUESTS } from './settings/load-limits.js';
import { RATE_LIMIT } from './settings/rate-limit.js';
import { DRAIN_DELAY, LEFT_BY_DELAY_MS, SHUTDOWN_TIMEOUT } from './settings/shutdown.js';
import { ADDRESS_RANGES } from './settings/trusted-proxies.js';
import { readJwtConfig } from './settings/jwt-settings.js';
import { LOG_LEVELS, type LogLevel } from './settings/log-levels.js';
import { isLoopback } from './settings/loopback.js';
import { Misfit } from './settings/misfit.js';
import { readTracing } from './settings/tracing-settings.js';
import type { SettingName } from './setting-names.js';

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
