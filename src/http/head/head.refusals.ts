import type { Refusal } from '../../contract/refusal.js';

/** For an operation whose path or query can be long. */
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
