import type { Check } from '../../src/http/head/head-judge.js';

const FIELD = 'x-caller';

/** A check that takes the name of the caller from a header field, and from nothing else. */
export const nameCaller: Check = (request) => {
  const name = request.headers[FIELD];
  request.caller = name === undefined ? undefined : { id: decodeURIComponent(String(name)), scopes: new Set() };
};

/** Header fields of a request by this caller; of nobody in particular without a name. */
export function by(caller?: string): Record<string, string> {
  return caller === undefined ? {} : { [FIELD]: encodeURIComponent(caller) };
}
