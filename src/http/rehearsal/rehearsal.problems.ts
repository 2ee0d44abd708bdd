import { BadRequestException } from '@nestjs/common';
import { NAME } from '../../contract/openapi/bounds.js';
import { problem, type InputFault } from '../../problems/problem.js';

/** The service gives no rehearsals (REHEARSAL=off), or not through a proxy. The request must not be carried out instead. */
export const rehearsalOff = problem(
  BadRequestException,
  {
    code: 'rehearsal-off',
    title: 'Rehearsal off',
    retryable: false,
    meaning:
      'The field Rehearse asks for a rehearsal, but the service gives none (REHEARSAL=off), or the request came through a ' +
      'proxy. Nothing was done.',
    remedy:
      'Leave Rehearse out to have the request carried out. To rehearse, send it without a proxy to a service that runs ' +
      'with REHEARSAL=on, such as one on your own machine.',
  },
  () => ({
    detail:
      'Nothing was done: this service gives no rehearsals (REHEARSAL=off), or not through a proxy. Leave Rehearse out to ' +
      'have the request carried out.',
    errors: [{ header: 'Rehearse', rule: 'off', detail: 'Rehearse works only with REHEARSAL=on and without a proxy.' }],
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
    remedy: 'Send one of the values in declared. They are all that the operation can answer.',
    members: {
      declared: {
        type: 'array',
        items: { type: 'string', ...NAME },
        description: 'The values of Rehearse that the operation takes',
      },
    },
  },
  (fault: InputFault, declared: string[]) => ({
    detail: 'The operation can’t rehearse this; see errors. Send one of the values in declared.',
    errors: [fault],
    members: { declared },
  }),
  [
    { header: 'Rehearse', rule: 'status', detail: 'Rehearse must be a status that the operation declares: 200, 400.' },
    ['200', '400; problem="malformed-request"'],
  ],
);
