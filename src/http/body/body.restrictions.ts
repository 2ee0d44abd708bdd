import type { Restriction } from '../../contract/restriction.js';

/** For every body. */
export const BODY_RESTRICTIONS: Restriction[] = [
  { name: 'body-size', says: 'a body of more than 1 MiB, packed or unpacked', codes: ['body-too-large'] },
  {
    name: 'charset',
    says: 'a media type with a charset other than UTF-8',
    codes: ['unsupported-media-type', 'unsupported-patch-type', 'unsupported-query-type'],
  },
];
