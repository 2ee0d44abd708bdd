import { ValidationPipe, type Type } from '@nestjs/common';
import { invalidBody } from '../problems/http.problems.js';
import { faultsOf, intoDto } from './dto-members.js';
import { JsonBody } from './json-body.js';
import { rulesBroken } from './rules-broken.js';

/**
 * The global pipe: checks a body against its DTO and refuses it with all its faults at once, in the order of the DTO's
 * members, then unknown members in the order of the document. Problem: invalidBody (400).
 */
export function bodyValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    stopAtFirstError: true,
    transformerPackage: { plainToInstance: toDto, plainToClass: toDto, classToPlain: (dto: object) => dto } as never,
    exceptionFactory: (errors) => invalidBody(rulesBroken(errors, 'pointer')),
  });
}

function toDto(Dto: Type<object>, body: unknown): object {
  // A query was made a DTO before the body was read.
  if (body instanceof Dto) return body;
  const { value, faults } = body instanceof JsonBody ? body : new JsonBody(undefined, []);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidBody([{ pointer: '', rule: 'type', detail: 'The body must be a JSON object.' }]);
  }
  const { dto, unknown } = intoDto(Dto, value);
  if (unknown.length + faults.length > 0) throw invalidBody(faultsOf(dto, [...faults, ...unknown]));
  return dto;
}
