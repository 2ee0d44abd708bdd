import { BadRequestException } from '@nestjs/common';
import { NAME } from '../../contract/openapi/bounds.js';
import { problem, type InputFault } from '../../problems/problem.js';

/** A rehearsal is asked for where none are given (REHEARSAL=off, or behind a proxy); it must not become the real thing. */
export const rehearsalOff = problem(
  BadRequestException,
  {
    code: 'rehearsal-off',
    title: 'Rehearsal off',
    retryable: false,
    meaning:
      'The request asks for a rehearsal by the field Rehearse, and it gets none: the service gives none at all ' +
      '(REHEARSAL=off), or the request came through a proxy. Nothing was done.',
    remedy:
      'Leave Rehearse out to have the request carried out. To rehearse, ask a service that runs with REHEARSAL=on ' +
      'directly, such as one on your own machine.',
  },
  () => ({
    detail:
      'Nothing was done: this service rehearses nothing (REHEARSAL=off), or not for requests that come through a ' +
      'proxy. Leave Rehearse out to have the request carried out.',
    errors: [
      { header: 'Rehearse', rule: 'off', detail: 'Rehearse is taken only with REHEARSAL=on and without a proxy.' },
    ],
  }),
  [],
);

/** Rehearse can't be read, or asks for an answer that the operation never gives. */
export const invalidRehearsal = problem(
  BadRequestException,
  {
    code: 'invalid-rehearsal',
    title: 'Invalid rehearsal',
    retryable: false,
    meaning:
      'The field Rehearse can’t be read, or asks for an answer that the operation does not declare. Nothing was done.',
    remedy: 'Send one of the values in declared, which are all that the operation can answer.',
    members: {
      declared: {
        type: 'array',
        items: { type: 'string', ...NAME },
        description: 'What can be asked for of the operation',
      },
    },
  },
  (fault: InputFault, declared: string[]) => ({
    detail: 'That can’t be rehearsed here; see errors. Send one of the values in declared.',
    errors: [fault],
    members: { declared },
  }),
  [
    { header: 'Rehearse', rule: 'status', detail: 'Rehearse must be a status that the operation declares: 200, 400.' },
    ['200', '400; problem="malformed-request"'],
  ],
);
