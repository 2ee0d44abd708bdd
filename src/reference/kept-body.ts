import type { FastifyReply } from 'fastify';
import { tagOfContent } from '../http/fields/entity-tag.js';
import { isWanted, type Conditions } from '../http/fields/preconditions.js';

/** Content that stays the same while the service runs: its bytes, made once, and the tag that they have. */
export interface KeptBody {
  bytes: Buffer;
  /** Strong: it is made of the bytes. */
  entityTag: string;
  /** Content-Type, and what else the content is sent with. */
  fields: Record<string, string>;
  /** Differs from that of the operation where the content has a name of its own. */
  cacheControl?: string;
}

/** Keeps content for all answers that will give it. */
export function keepBody(content: string | Buffer, fields: KeptBody['fields']): KeptBody {
  const bytes = Buffer.from(content);
  return { bytes, entityTag: tagOfContent(bytes), fields };
}

/** The same of what is sent as JSON. */
export function keepJson(value: object): KeptBody {
  return keepBody(JSON.stringify(value), { 'content-type': 'application/json; charset=utf-8' });
}

/**
 * Answers a GET or HEAD with content that was kept: its bytes, or nothing where the client has it (304). Problem:
 * preconditionFailed (412).
 */
export function answerKept(reply: FastifyReply, conditions: Conditions, kept: KeptBody): Buffer | undefined {
  const { bytes, entityTag, fields, cacheControl } = kept;
  const isSent = isWanted(reply, conditions, { entityTag });
  // RFC 9110 §15.4.5: a 304 has it like the 200. The filter sets that of a 412.
  if (cacheControl !== undefined) reply.header('cache-control', cacheControl);
  if (!isSent) return undefined;
  reply.headers(fields);
  return bytes;
}
