import { quotaExceeded } from '../rate-limits/rate-limits.problems.js';
import { tokenKeysUnavailable } from './tokens/tokens.problems.js';
import { insufficientScope, invalidToken, unauthenticated } from './access.problems.js';

/** Answers of the checks of credential and right, on every operation with a scope. */
export const scoped = {
  401: [unauthenticated, invalidToken],
  403: [insufficientScope],
  // After too many refused credentials.
  429: [quotaExceeded],
  503: [tokenKeysUnavailable],
};
