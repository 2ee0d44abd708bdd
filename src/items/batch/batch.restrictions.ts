import type { Restriction } from '../../contract/restriction.js';

// What schemas can't say about batches. A test provokes each.

export const OPERATION_ID: Restriction = {
  name: 'operation-id',
  says: 'PUT, PATCH or DELETE without an id',
  codes: ['invalid-body'],
  rule: 'required',
};

export const SAME_ID: Restriction = {
  name: 'same-id',
  says: 'POST with another id than that of its body',
  codes: ['invalid-body'],
  rule: 'equal',
};

export const KEY_PLACE: Restriction = {
  name: 'key-place',
  says: '`Idempotency-Key` if atomic is false, `idempotencyKey` if it is true',
  codes: ['misplaced-idempotency-key'],
  rule: 'misplaced',
};

export const REFUSED_OPERATION: Restriction = {
  name: 'refused-operation',
  says: 'if atomic is true, an operation that would be refused as a request of its own',
  codes: [
    'invalid-body',
    'invalid-path',
    'malformed-precondition',
    'unexpected-content',
    'unsupported-media-type',
    'unsupported-patch-type',
    'body-too-large',
    'patch-result-invalid',
  ],
};
