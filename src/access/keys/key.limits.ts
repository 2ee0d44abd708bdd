/** How long each part of a key is, in characters. 43 characters of base 62 hold 256 bits, and 6 hold 32. */
export const KEY_PARTS = { id: 10, secret: 43, checksum: 6 } as const;

/** The longest name of a key, in characters. */
export const MAX_NAME_LENGTH = 100;

/** The longest list of scopes of a key, in characters. */
export const MAX_SCOPES_LENGTH = 255;

/** How long a SHA-256 digest is in base64url, in characters. */
export const DIGEST_LENGTH = 43;

/** How long the secret before the last rotation works on, in milliseconds. */
export const ROTATION_MS = 24 * 3_600_000;

/** How long the outcome of a look-up is remembered at most, from the start of the look-up, in milliseconds. */
export const REMEMBERED_MS = 5_000;

/** The age from which the next use of a remembered key reads it again, in milliseconds. */
export const REFRESHED_AFTER_MS = 4_000;

/** How many keys are remembered. */
export const MAX_KNOWN = 10_000;

/** How many digests of keys that do not count are remembered. */
export const MAX_UNKNOWN = 10_000;

/** How many look-ups may wait. Beyond it the database counts as busy. */
export const MAX_LOOK_UPS = 10_000;

/** The least time between two records of the last use of one key, in milliseconds. */
export const USE_RECORDED_MS = 60_000;
