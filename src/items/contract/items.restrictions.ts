import type { Restriction } from '../../contract/restriction.js';
import { READ_ONLY_NAMES } from '../dto/item.schemas.js';
import { MAX_PATCH_DEPTH, MAX_PATCH_VALUES_LENGTH } from '../../http/body/patch/json-patch.js';

// What schemas can't say about items. A test provokes each.

export const FILTER: Restriction = {
  name: 'filter',
  says: 'a filter that is not in the language of filters, or has more bytes, comparisons or parentheses than it allows',
  codes: ['invalid-filter'],
  rule: 'filter',
};

export const WORDS: Restriction = {
  name: 'words',
  says: 'q without a letter or digit',
  codes: ['invalid-query'],
  rule: 'words',
};

export const DEPTH: Restriction = {
  name: 'depth',
  says: `attributes nested deeper than their description says, or a patch deeper than ${MAX_PATCH_DEPTH}`,
  codes: ['invalid-body', 'patch-result-invalid'],
  rule: 'depth',
};

export const SIZE: Restriction = {
  name: 'size',
  says:
    'attributes of more bytes than their description says, or a JSON Patch that puts in more than ' +
    `${MAX_PATCH_VALUES_LENGTH} characters of JSON`,
  codes: ['invalid-body', 'patch-result-invalid'],
  rule: 'size',
};

export const READ_ONLY: Restriction = {
  name: 'read-only',
  says: `a merge patch that changes ${READ_ONLY_NAMES}`,
  codes: ['patch-result-invalid'],
  rule: 'read-only',
};

export const PATCH_RESULT: Restriction = {
  name: 'patch-result',
  says: 'a JSON Patch after which PUT would not take the item',
  codes: ['patch-result-invalid'],
};
