import { ValidationPipe, type ArgumentMetadata, type Type } from '@nestjs/common';
import { Faults } from '../../../problems/faults.js';
import { sentJson, type JsonBody } from '../json/json-body.js';
import { invalidBody } from '../json/json.problems.js';
import { faultsOf, intoDto, unknownMembers } from './dto-members.js';

/**
 * The pipe of every `@Body` that is a DTO. Problem: invalidBody (400).
 *
 * Nest's own way through class-transformer would walk into `attributes` (docs/decisions/0009-dtos-without-class-transformer.md).
 */
export class BodyValidationPipe extends ValidationPipe {
  override async transform(body: unknown, { metatype }: ArgumentMetadata): Promise<object> {
    return validated(metatype as Type<object>, sentJson(body));
  }
}

/**
 * Checks a body against its DTO and refuses it with all its faults at once, in the order of the DTO's members, then unknown
 * members in the order of the document. Problem: invalidBody (400).
 */
export function validated<T extends object>(Dto: Type<T>, source: JsonBody): T {
  const { faults } = source;
  const { dto, unknown } = intoDto(Dto, jsonObject(Dto, source));
  const all = faultsOf(dto, faults.with(unknown));
  if (all.count > 0) throw invalidBody(source.located(all));
  return dto;
}

/** The JSON object that a body must be. Problem: invalidBody (400). */
export function jsonObject(Dto: Type<object>, source: JsonBody): object {
  const { value, faults, names } = source;
  if (names) throw invalidBody(faults.with(unknownMembers(Dto, names)));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  const noObject = new Faults([{ pointer: '', rule: 'type', detail: 'The body must be a JSON object.' }]);
  throw invalidBody(source.located(noObject.with(faults)));
}
