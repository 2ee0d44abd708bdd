import { ForbiddenException, UnauthorizedException } from '@nestjs/common';
import { NAME } from '../contract/openapi/bounds.js';
import type { Scope } from '../contract/operation.js';
import { problem } from '../problems/problem.js';

/** RFC 6750 §3: a challenge has at least one parameter. */
const CHALLENGE = 'Bearer realm="items"';

/** The request has no credential. RFC 9110 §15.5.2. The challenge then has no error code (RFC 6750 §3.1). */
export const unauthenticated = problem(
  UnauthorizedException,
  {
    code: 'unauthenticated',
    title: 'Credential missing',
    retryable: false,
    meaning: 'The operation needs a credential, and the request has none in the field Authorization. Nothing was done.',
    remedy:
      'Send an API key or a JSON Web Token as `Authorization: Bearer …`. Other schemes, such as Basic, and credentials in the ' +
      'query do not count.',
    retry: 'Only with a credential.',
  },
  (scope: Scope) => ({
    detail: `This needs a credential with the scope ${scope}. Send an API key or a token in the field Authorization, after the word Bearer.`,
    fields: { 'www-authenticate': CHALLENGE },
  }),
  ['items:read'],
);

/**
 * The credential does not count. RFC 6750 §3.1 has one code for all reasons, and the answer is the same for all: it must not
 * tell whether a key existed.
 */
export const invalidToken = problem(
  UnauthorizedException,
  {
    code: 'invalid-token',
    title: 'Credential invalid',
    retryable: false,
    meaning:
      'The credential in the field Authorization does not count: it is malformed, unknown, expired or revoked. The answer does ' +
      'not say which. Nothing was done.',
    remedy: 'Check that the whole credential was sent. If it was, get a new API key or token.',
    retry: 'Only with another credential.',
  },
  () => ({
    detail: 'The credential in the field Authorization is malformed, unknown, expired or revoked. Send a valid one.',
    fields: { 'www-authenticate': `${CHALLENGE}, error="invalid_token"` },
  }),
  [],
);

/** The credential lacks the right that the operation needs. RFC 9110 §15.5.4, RFC 6750 §3.1. */
export const insufficientScope = problem(
  ForbiddenException,
  {
    code: 'insufficient-scope',
    title: 'Scope insufficient',
    retryable: false,
    meaning: 'The credential is valid, but lacks the scope that the operation needs. Nothing was done.',
    remedy: 'Send a credential that has the scope in the member scope. The operators of the service give them out.',
    retry: 'Only with another credential.',
    members: {
      scope: { type: 'string', ...NAME, description: 'The scope that the operation needs' },
    },
  },
  (scope: Scope) => ({
    detail: `This needs the scope ${scope}, which the credential does not have. Send one that has it.`,
    members: { scope },
    fields: { 'www-authenticate': `${CHALLENGE}, error="insufficient_scope", scope="${scope}"` },
  }),
  ['items:write'],
);
