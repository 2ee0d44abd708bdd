/** The largest integer of either engine's columns, and so of any number in an answer. */
export const INTEGER_MAX = 2_147_483_647;

/** A version of an item. */
export const VERSION = { type: 'integer', minimum: 1, maximum: INTEGER_MAX } as const;

/** A status code (RFC 9110 §15). */
export const STATUS = { type: 'integer', minimum: 100, maximum: 599 } as const;

/** The code of a problem. */
export const CODE = { pattern: '^[a-z0-9-]{1,64}$' };

/** An X-Request-Id that is taken over. */
export const REQUEST_ID = { pattern: '^[A-Za-z0-9._-]{1,128}$' };

/**
 * A reference to a resource: what RFC 9110 §4.1 recommends to support at least is enough for ours. The characters are those of
 * RFC 3986 §2, and not `format: uri-reference`, which generators take for an absolute URL.
 */
export const LINK = { pattern: "^[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]+$", maxLength: 8_192 } as const;

/** A name that the service gives: of an operation, a member, a rule. */
export const NAME = { maxLength: 100 };

/** Sentences that the service keeps, such as those of a problem's page. */
export const PROSE = { maxLength: 2_000 };

/** What a message gives back of a head, which is bounded, in a sentence. */
export const OF_HEAD = { maxLength: 32_768 };

/** A JSON Pointer into a body of at most 1 MiB, of which each character may be escaped by two. */
export const POINTER = { maxLength: 2_097_152 };

/** A place in the text of a body of at most 1 MiB. */
export const POSITION = { type: 'integer', minimum: 0, maximum: 1_048_576 } as const;

/** The text of a page or script. */
export const FILE = { type: 'string', maxLength: 4_194_304 } as const;

/** How many there are of what is there at all. */
export const COUNT = { type: 'integer', minimum: 1, maximum: INTEGER_MAX } as const;
