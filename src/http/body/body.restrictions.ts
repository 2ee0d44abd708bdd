import { BODY_LIMITS } from '../../contract/operation.js';
import type { Restriction } from '../../contract/restriction.js';

/** For a body of at most that many bytes. */
export function sizeRestriction(bytes: number): Restriction {
  return {
    name: 'body-size',
    says: `a body of more than ${bytes / 1_048_576} MiB, packed or unpacked`,
    codes: ['body-too-large'],
  };
}

/** For every body of the usual size. */
export const BODY_RESTRICTIONS: Restriction[] = [
  sizeRestriction(BODY_LIMITS.bytes),
  {
    name: 'charset',
    says: 'a media type with a charset other than UTF-8',
    codes: ['unsupported-media-type', 'unsupported-patch-type', 'unsupported-query-type'],
  },
];
