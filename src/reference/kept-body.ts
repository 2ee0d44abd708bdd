import type { FastifyReply } from 'fastify';
import { tagOfContent } from '../http/fields/conditions/entity-tag.js';
import { isWanted, type Conditions } from '../http/fields/conditions/preconditions.js';

/** A body that stays the same while the service runs: its bytes, made once, and their entity-tag. */
export interface KeptBody {
  bytes: Buffer;
  /** Strong: it is made from the bytes. */
  entityTag: string;
  /** Content-Type and the other fields that describe the body. */
  fields: Record<string, string>;
  /** Instead of that of the operation, for a file whose name changes with its content. */
  cacheControl?: string;
}

/** Makes a body once, for all answers that send it. */
export function keepBody(content: string | Buffer, fields: KeptBody['fields']): KeptBody {
  const bytes = Buffer.from(content);
  return { bytes, entityTag: tagOfContent(bytes), fields };
}

/** The same for a value that is sent as JSON. */
export function keepJson(value: object): KeptBody {
  return keepBody(JSON.stringify(value), { 'content-type': 'application/json; charset=utf-8' });
}

/**
 * Answers a GET or HEAD with a kept body: its bytes, or nothing if the client has them (304). Problem: preconditionFailed
 * (412).
 */
export function answerKept(reply: FastifyReply, conditions: Conditions, kept: KeptBody): Buffer | undefined {
  const { bytes, entityTag, fields, cacheControl } = kept;
  const isSent = isWanted(reply, conditions, { entityTag });
  // RFC 9110 §15.4.5: a 304 has the Cache-Control of the 200. The filter sets that of a 412.
  if (cacheControl !== undefined) reply.header('cache-control', cacheControl);
  if (!isSent) return undefined;
  reply.headers(fields);
  return bytes;
}
