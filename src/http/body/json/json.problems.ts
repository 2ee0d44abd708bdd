import { BadRequestException } from '@nestjs/common';
import { POINTER } from '../../../contract/openapi/bounds.js';
import type { Faults } from '../../../problems/faults.js';
import { problem, type InputFault } from '../../../problems/problem.js';

/** The body is not JSON text in UTF-8. RFC 8259. */
export const malformedJson = problem(
  BadRequestException,
  {
    code: 'malformed-json',
    title: 'Malformed JSON',
    retryable: false,
    meaning: 'The body is not JSON text in UTF-8.',
    remedy:
      'Use a JSON library to write the body. detail says what is wrong, position says where, and pointer names the member.',
    members: {
      position: { type: 'integer', description: 'Where the text stops being JSON, in UTF-16 code units from 0' },
      pointer: { type: 'string', ...POINTER, description: 'JSON Pointer (RFC 6901) of that place', isOptional: true },
    },
  },
  (cause: string, position: number, pointer?: string) => ({
    detail: `The body is not JSON: ${cause}.`,
    members: { position, ...(pointer !== undefined && { pointer }) },
  }),
  ['unexpected character at line 1, column 9', 8, '/name'],
);

/** The body is JSON, but breaks the rules of the operation. Lists every fault. */
export const invalidBody = problem(
  BadRequestException,
  {
    code: 'invalid-body',
    title: 'Invalid body',
    retryable: false,
    meaning: 'The body is JSON, but does not follow the rules of the operation.',
    remedy:
      'See errors for every fault: pointer says where it is, rule names the rule, and detail says what to send. The API ' +
      'documentation has the schema.',
  },
  (errors: InputFault[] | Faults) => ({ detail: 'The body is invalid; see errors.', errors }),
  [[{ pointer: '/name', rule: 'required', detail: 'name is missing.' }]],
);
