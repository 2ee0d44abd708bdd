/** The largest integer that the columns of both engines hold, and so the largest in any answer. */
export const INTEGER_MAX = 2_147_483_647;

/** A version of a resource. */
export const VERSION = { type: 'integer', minimum: 1, maximum: INTEGER_MAX } as const;

/** The largest version that a request can name. Nobody changes an item more often. */
export const VERSION_MAX = 999_999_999;

/** A status code (RFC 9110 §15). */
export const STATUS = { type: 'integer', minimum: 100, maximum: 599 } as const;

/** The code of a problem. */
export const CODE = { pattern: '^[a-z0-9-]{1,64}$' };

/** An X-Request-Id that the service takes over. */
export const REQUEST_ID = { pattern: '^[A-Za-z0-9._-]{1,128}$' };

/**
 * A reference to a resource. The 8,000 characters that RFC 9110 §4.1 recommends to support are enough for ours. The pattern
 * has the characters of RFC 3986 §2. Not `format: uri-reference`: generators take that for an absolute URL.
 */
export const LINK = { pattern: "^[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]+$", maxLength: 8_192 } as const;

/** A name that the service chooses, such as that of an operation, a member or a rule. */
export const NAME = { maxLength: 100 };

/** Sentences of the service, such as those of the page of a problem. */
export const PROSE = { maxLength: 2_000 };

/** A sentence that may repeat a part of the request's head, which is bounded. */
export const OF_HEAD = { maxLength: 32_768 };

/** A JSON Pointer into a body of at most 2 MiB; escaping can double each character. */
export const POINTER = { maxLength: 4_194_304 };

/** A place in the text of a body of at most 2 MiB. */
export const POSITION = { type: 'integer', minimum: 0, maximum: 2_097_152 } as const;

/** The text of a page or script. */
export const FILE = { type: 'string', maxLength: 4_194_304 } as const;

/** A count of something that is there at least once. */
export const COUNT = { type: 'integer', minimum: 1, maximum: INTEGER_MAX } as const;
