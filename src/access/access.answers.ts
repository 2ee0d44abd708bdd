import { tokenKeysUnavailable } from './tokens/tokens.problems.js';
import { insufficientScope, invalidToken, unauthenticated } from './access.problems.js';

/** Answers of the checks of credential and right, on every operation with a scope. */
export const scoped = {
  401: [unauthenticated, invalidToken],
  403: [insufficientScope],
  503: [tokenKeysUnavailable],
};
