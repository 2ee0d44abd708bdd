import { MAX_VALUES } from '../http/body/json/json-body.js';
import { MAX_PATCH_DEPTH, MAX_PATCH_VALUES_LENGTH } from '../http/body/patch/json-patch.js';

/** What is refused although the published schemas allow it, because JSON Schema can't say it. */
export interface Refusal {
  /** What is refused, for the description of the operation. */
  says: string;
  /** Codes of the problems that refuse it. */
  codes: string[];
  /** The rule that the problem names; without one it names no rule, or any. */
  rule?: string;
}

/**
 * Every refusal that the published schemas don't say: the one list. Each operation names those that it may give, and they
 * stand in its description. A test provokes each, and takes no other refusal of a request that keeps the schemas.
 */
export const REFUSALS = {
  'target-size': { says: 'a request target of more than 8 KiB', codes: ['target-too-long'] },
  'header-size': {
    says: 'a header block of more than 16 KiB or 200 fields',
    codes: ['header-too-large'],
    rule: 'size',
  },
  'content-size': { says: 'content of more than 1 MiB, also unpacked', codes: ['body-too-large'] },
  charset: {
    says: 'a media type with a charset other than UTF-8',
    codes: ['unsupported-media-type', 'unsupported-patch-type'],
  },
  'exact-number': {
    says:
      'a number that no double stands for: an integer that would not come back digit for digit (`9007199254740993`), one of ' +
      'more than 17 significant digits, or one out of range (`1e400`, `1e-400`); send it as a string',
    codes: ['invalid-body'],
    rule: 'exact-number',
  },
  count: {
    says: `more than ${MAX_VALUES} values and names of members in a body`,
    codes: ['invalid-body'],
    rule: 'count',
  },
  'no-nul': { says: 'U+0000 in a string or name', codes: ['invalid-body'], rule: 'no-nul' },
  unicode: {
    says: 'a surrogate without its partner in a string or name',
    codes: ['invalid-body'],
    rule: 'unicode',
  },
  'reserved-name': {
    says: 'a member named `__proto__`, at any depth and in JSON Pointers',
    codes: ['invalid-body'],
    rule: 'reserved-name',
  },
  depth: {
    says: `attributes nested deeper than their description says, or a patch deeper than ${MAX_PATCH_DEPTH}`,
    codes: ['invalid-body', 'patch-result-invalid'],
    rule: 'depth',
  },
  size: {
    says:
      'attributes of more bytes than their description says, or a JSON Patch that puts in more than ' +
      `${MAX_PATCH_VALUES_LENGTH} characters of JSON`,
    codes: ['invalid-body', 'patch-result-invalid'],
    rule: 'size',
  },
  'read-only': {
    says: 'a merge patch that changes id, version, createdAt or updatedAt',
    codes: ['patch-result-invalid'],
    rule: 'read-only',
  },
  'patch-result': {
    says: 'a JSON Patch after which the item would not be what PUT takes',
    codes: ['patch-result-invalid'],
  },
  'move-into-itself': { says: 'a JSON Patch that moves a value into itself', codes: ['invalid-body'], rule: 'move' },
  cursor: { says: 'a cursor that no page of this listing gave', codes: ['invalid-cursor'] },
  'key-parameters': {
    says: 'an `Idempotency-Key` whose parameters are none of RFC 9651',
    codes: ['invalid-idempotency-key'],
    rule: 'key',
  },
} satisfies Record<string, Refusal>;

export type RefusalName = keyof typeof REFUSALS;

/** Of every operation, so none names them. */
export const OF_REQUESTS = ['header-size'] as const satisfies RefusalName[];

/** Of content, which is JSON. */
export const OF_CONTENT: RefusalName[] = [
  'content-size',
  'charset',
  'count',
  'exact-number',
  'no-nul',
  'unicode',
  'reserved-name',
];

/** Of an Idempotency-Key. */
export const OF_KEYS: RefusalName[] = ['key-parameters'];
