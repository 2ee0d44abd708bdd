import { ValidationPipe, type Type } from '@nestjs/common';
import { validateSync } from 'class-validator';
import { invalidBody } from '../problems/content.problems.js';
import { faultsOf, intoDto } from './dto-members.js';
import { sentJson, type JsonBody } from './json-body.js';
import type { InputFault } from '../problems/problem.js';
import { rulesBroken } from './rules-broken.js';

/** Where the DTOs that are being checked came from. */
const sources = new WeakMap<object, JsonBody>();

/**
 * The pipe of every `@Body`: checks it against its DTO and refuses it with all its faults at once, in the order of the
 * DTO's members, then unknown members in the order of the document. Problem: invalidBody (400).
 */
export const bodyValidation = new ValidationPipe({
  transform: true,
  stopAtFirstError: true,
  validationError: { target: true },
  // No rule waits for anything, and JSON holds no binary values for Nest to look for.
  validatorPackage: { validate: (dto, options) => validateSync(dto as object, options) },
  transformerPackage: { plainToInstance: toDto, plainToClass: toDto, classToPlain: (dto: object) => dto } as never,
  exceptionFactory: (errors) => invalidBody(located(errors[0]?.target, rulesBroken(errors, 'pointer'))),
});

function toDto(Dto: Type<object>, body: unknown): object {
  const source = sentJson(body);
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
