import { ValidationPipe, type Type } from '@nestjs/common';
import { validateSync } from 'class-validator';
import { invalidBody } from '../json/json.problems.js';
import { faultsOf, intoDto, unknownMembers } from './dto-members.js';
import { sentJson, type JsonBody } from '../json/json-body.js';
import { Faults } from '../../../problems/faults.js';
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
  exceptionFactory: (errors) => invalidBody(located(errors[0]?.target, new Faults(rulesBroken(errors, 'pointer')))),
});

function toDto(Dto: Type<object>, body: unknown): object {
  const source = sentJson(body);
  const { value, faults, names } = source;
  if (names) throw invalidBody(faults.with(unknownMembers(Dto, names)));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const noObject = new Faults([{ pointer: '', rule: 'type', detail: 'The body must be a JSON object.' }]);
    throw invalidBody(source.located(noObject.with(faults)));
  }
  const { dto, unknown } = intoDto(Dto, value);
  if (unknown.count + faults.count > 0) throw invalidBody(source.located(faultsOf(dto, faults.with(unknown))));
  sources.set(dto, source);
  return dto;
}

function located(dto: object | undefined, faults: Faults): Faults {
  return (dto && sources.get(dto)?.located(faults)) ?? faults;
}
