import type { Auth } from './settings/access-settings.js';
import type { DatabaseAddress } from './settings/database-address.js';
import type { AttributePath } from './settings/indexed-attributes.js';
import type { RateLimit } from './settings/rate-limit.js';
import type { AddressRange } from './settings/trusted-proxies.js';
import type { JwtConfig } from './settings/jwt-settings.js';
import type { LogLevel } from './settings/log-levels.js';

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
