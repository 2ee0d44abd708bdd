import type { Restriction } from '../../../contract/restriction.js';
import { BODY_LIMITS } from '../../../contract/operation.js';

/** For every number. */
export const EXACT_NUMBER: Restriction = {
  name: 'exact-number',
  says:
    'a number that does not fit a double: an integer that would not come back digit for digit (`9007199254740993`), ' +
    'one of more than 17 significant digits, or one out of range (`1e400`, `1e-400`); send it as a string',
  codes: ['invalid-body'],
  rule: 'exact-number',
};

/** For a JSON body of that many values and member names. */
export function countRestriction(most: number): Restriction {
  const says = `a body of more than ${most} values and member names`;
  return { name: 'count', says, codes: ['invalid-body'], rule: 'count' };
}

/** For every JSON body of the usual size. */
export const JSON_RESTRICTIONS: Restriction[] = [
  countRestriction(BODY_LIMITS.values),
  EXACT_NUMBER,
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
