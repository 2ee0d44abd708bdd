import type { Refusal } from '../contract/refusal.js';
import { MAX_VALUES } from './body/json/json-body.js';

// Refusals that schemas can't express, common to all subjects. A test provokes each.

export const TARGET_SIZE: Refusal = {
  name: 'target-size',
  says: 'a request target of more than 8 KiB',
  codes: ['target-too-long'],
};

/** For every operation. */
export const HEADER_SIZE: Refusal = {
  name: 'header-size',
  says: 'a header block of more than 16 KiB or 200 fields',
  codes: ['header-too-large'],
  rule: 'size',
};

/** For every JSON body. */
export const REFUSALS_OF_BODY: Refusal[] = [
  { name: 'content-size', says: 'a body of more than 1 MiB, packed or unpacked', codes: ['body-too-large'] },
  {
    name: 'charset',
    says: 'a media type with a charset other than UTF-8',
    codes: ['unsupported-media-type', 'unsupported-patch-type'],
  },
  {
    name: 'count',
    says: `a body of more than ${MAX_VALUES} values and member names`,
    codes: ['invalid-body'],
    rule: 'count',
  },
  {
    name: 'exact-number',
    says:
      'a number that does not fit a double: an integer that would not come back digit for digit (`9007199254740993`), ' +
      'one of more than 17 significant digits, or one out of range (`1e400`, `1e-400`); send it as a string',
    codes: ['invalid-body'],
    rule: 'exact-number',
  },
  { name: 'no-nul', says: 'U+0000 in a string or name', codes: ['invalid-body'], rule: 'no-nul' },
  {
    name: 'unicode',
    says: 'a surrogate without its partner in a string or name',
    codes: ['invalid-body'],
    rule: 'unicode',
  },
  {
    name: 'reserved-name',
    says: 'a member named `__proto__`, at any depth and in JSON Pointers',
    codes: ['invalid-body'],
    rule: 'reserved-name',
  },
];

/** For a JSON Patch. */
export const MOVE_INTO_ITSELF: Refusal = {
  name: 'move-into-itself',
  says: 'a JSON Patch that moves a value into itself',
  codes: ['invalid-body'],
  rule: 'move',
};

/** For a listing in pages. */
export const CURSOR: Refusal = {
  name: 'cursor',
  says: 'a cursor that does not come from a page of this listing',
  codes: ['invalid-cursor'],
};
