import type { FastifyReply } from 'fastify';

/** What the client would like to get back of a change (RFC 7240 §4.2); undefined if it does not say. */
export type ReturnPreference = 'minimal' | 'representation' | undefined;

/** A longer field is ignored, so that reading it takes no time that matters. */
const MAX_LENGTH = 1_000;

// RFC 7240 §2: preferences stand between commas, which may also stand in quotes.
const PREFERENCE = /(?:[^,"]|"(?:[^"\\]|\\.)*")+/g;
const RETURN = /^\s*return\s*(?:$|[=;])/i;
const RETURN_VALUE = /^\s*return\s*=\s*("?)(minimal|representation)\1\s*(?:;|$)/i;

/**
 * The preference `return` in a Prefer field. Of several the first counts; what is unknown or can't be read is ignored
 * (RFC 7240 §2).
 */
export function returnPreference(field: string | undefined): ReturnPreference {
  if (field === undefined || field.length > MAX_LENGTH) return undefined;
  const first = field.match(PREFERENCE)?.find((preference) => RETURN.test(preference)) ?? '';
  return RETURN_VALUE.exec(first)?.[2]?.toLowerCase() as ReturnPreference;
}

/**
 * Says which preference an answer follows (RFC 7240 §3): `isMinimal` tells whether it has no content for the sake of one.
 * A repeated answer is as the first was, and so may not follow what the repeat prefers.
 */
export function sayPreference(preference: ReturnPreference, isMinimal: boolean, reply: FastifyReply): void {
  const followed = isMinimal ? 'minimal' : preference;
  if (followed === undefined || (followed === 'minimal') !== isMinimal) return;
  reply.header('preference-applied', `return=${followed}`);
}
