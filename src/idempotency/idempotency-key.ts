import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { parseItem } from 'structured-headers';
import { callerOf } from '../contract/caller.js';
import { problemsOf, type Operation } from '../contract/operation.js';
import { canonicalTarget } from '../http/head/target.js';
import type { KeyIdentity } from './idempotency-record.entity.js';
import { invalidIdempotencyKey } from './idempotency.problems.js';

/** The longest allowed key, in characters. */
const MAX_KEY_LENGTH = 255;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set if the operation takes an Idempotency-Key and the request has one. */
    idempotencyKey?: string;
  }
}

/**
 * What makes a request repeatable: its Idempotency-Key, which is its caller's own, and a digest that tells it from other
 * requests under that key.
 */
export interface KeyedRequest extends KeyIdentity {
  /** SHA-256 of method, canonical target, Content-Type as sent and decoded body, in base64url. */
  fingerprint: string;
}

/**
 * Reads the key, if the operation takes one. Problem: invalidIdempotencyKey (400).
 * draft-ietf-httpapi-idempotency-key-header-07 §2.1.
 */
export function checkIdempotencyKey(request: FastifyRequest): void {
  const field = request.headers['idempotency-key'];
  if (field === undefined || !takesKey(request.route.operation)) return;
  request.idempotencyKey = keyIn(String(field));
}

/** Whether an operation takes an Idempotency-Key: those that declare invalidIdempotencyKey do. */
export function takesKey(operation: Operation | undefined): boolean {
  return operation !== undefined && problemsOf(operation).some(({ type }) => type === invalidIdempotencyKey.type);
}

/** The key in a field, which is a structured-field string (RFC 9651 §3.3.3) or the bare key. Both forms are equal. */
export function keyIn(field: string): string {
  const key = field.startsWith('"') ? stringIn(field) : field;
  if (key === undefined || !/^[!-~]+$/.test(key) || key.length > MAX_KEY_LENGTH) throw invalidIdempotencyKey();
  return key;
}

// Ignores parameters: draft §2.1 defines none, and by RFC 9651 §3.1.2 unknown ones are ignored.
function stringIn(field: string): string | undefined {
  try {
    return String(parseItem(field)[0]);
  } catch {
    return undefined;
  }
}

/** The caller, key and fingerprint of a request; undefined without a key. */
export function keyedRequest(request: FastifyRequest): KeyedRequest | undefined {
  const { idempotencyKey: key } = request;
  return key === undefined ? undefined : { caller: callerOf(request), key, fingerprint: fingerprintOfRequest(request) };
}

function fingerprintOfRequest({ method, originalUrl, headers, bodyBytes }: FastifyRequest): string {
  return fingerprintOf(method, originalUrl, headers['content-type'], bodyBytes ?? '');
}

/** The digest of what tells a request from others; see {@link KeyedRequest}. */
export function fingerprintOf(
  method: string,
  target: string,
  contentType: string | undefined,
  body: Buffer | string,
): string {
  return createHash('sha256')
    .update(`${method} ${canonicalTarget(target)}\n${contentType ?? ''}\n`)
    .update(body)
    .digest('base64url');
}
