import type { Restriction } from '../../contract/restriction.js';

/** For an operation whose path or query can be long. */
export const TARGET_SIZE: Restriction = {
  name: 'target-size',
  says: 'a request target of more than 8 KiB',
  codes: ['target-too-long'],
};

/** For every operation. */
export const HEADER_SIZE: Restriction = {
  name: 'header-size',
  says: 'a header block of more than 16 KiB or 200 fields',
  codes: ['header-too-large'],
  rule: 'size',
};
