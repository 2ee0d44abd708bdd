import { ValidationPipe, type Type } from '@nestjs/common';
import { invalidBody } from '../problems/content.problems.js';
import { faultsOf, intoDto } from './dto-members.js';
import { JsonBody } from './json-body.js';
import type { InputFault } from '../problems/problem.js';
import { rulesBroken } from './rules-broken.js';

/** Where the DTOs that are being checked came from. */
const sources = new WeakMap<object, JsonBody>();

/**
 * The global pipe: checks a body against its DTO and refuses it with all its faults at once, in the order of the DTO's
 * members, then unknown members in the order of the document. Problem: invalidBody (400).
 */
export function bodyValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    stopAtFirstError: true,
    validationError: { target: true },
    transformerPackage: { plainToInstance: toDto, plainToClass: toDto, classToPlain: (dto: object) => dto } as never,
    exceptionFactory: (errors) => invalidBody(located(errors[0]?.target, rulesBroken(errors, 'pointer'))),
  });
}

function toDto(Dto: Type<object>, body: unknown): object {
  // A query was made a DTO before the body was read.
  if (body instanceof Dto) return body;
  const source = body instanceof JsonBody ? body : new JsonBody(undefined, [], '');
  const { value, faults } = source;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidBody(source.located([{ pointer: '', rule: 'type', detail: 'The body must be a JSON object.' }]));
  }
  const { dto, unknown } = intoDto(Dto, value);
  if (unknown.length + faults.length > 0) {
    throw invalidBody(source.located(faultsOf(dto, [...faults, ...unknown])));
  }
  sources.set(dto, source);
  return dto;
}

function located(dto: object | undefined, faults: InputFault[]): InputFault[] {
  return (dto && sources.get(dto)?.located(faults)) ?? faults;
}
