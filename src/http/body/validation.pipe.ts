import { ValidationPipe, type Type } from '@nestjs/common';
import { getMetadataStorage, validateSync } from 'class-validator';
import { invalidBody } from '../problems/http.problems.js';
import { pointerTo, type InputFault } from '../problems/problem.js';
import { JsonBody } from './json-body.js';
import { rulesBroken } from './rules-broken.js';

/** As many unknown members as are named at once. */
const MAX_UNKNOWN_MEMBERS = 100;

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

/**
 * Puts the members of a body into its DTO, as they are. class-transformer would walk into `attributes`, where it throws
 * on a member named `constructor`, overflows the stack on deep ones and costs a millisecond for 15 KB.
 */
function toDto(Dto: Type<object>, body: unknown): object {
  // A query was made a DTO before the body was read.
  if (body instanceof Dto) return body;
  const { value, faults } = body instanceof JsonBody ? body : new JsonBody(undefined, []);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidBody([{ pointer: '', rule: 'type', detail: 'The body must be a JSON object.' }]);
  }
  const members = membersOf(Dto);
  const isKnown = ([name]: [string, unknown]) => members.includes(name);
  const dto = Object.assign(new Dto(), Object.fromEntries(Object.entries(value).filter(isKnown)));
  const unknown = Object.keys(value).filter((name) => !members.includes(name) && name !== '__proto__');
  if (unknown.length + faults.length > 0) {
    // Enough to see what is wrong, and no answer many times larger than its request.
    unknown.splice(MAX_UNKNOWN_MEMBERS);
    const broken = rulesBroken(validateSync(dto, { stopAtFirstError: true }), 'pointer');
    throw invalidBody(inSchemaOrder([...broken, ...faults, ...unknown.map(unknownMember)], members));
  }
  return dto;
}

/** The members of a DTO, in the order in which its class declares them. */
function membersOf(Dto: Type<object>): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(Dto, '', false, false);
  return [...new Set(rules.map((rule) => rule.propertyName))];
}

function unknownMember(name: string): InputFault {
  const shown = name.length > 128 ? `${name.slice(0, 128)}…` : name;
  return { pointer: pointerTo(shown), rule: 'unknown', detail: `${shown} is not a member here.` };
}

function inSchemaOrder(faults: InputFault[], members: string[]): InputFault[] {
  const rank = (fault: InputFault) => {
    const index = members.findIndex((name) => 'pointer' in fault && `${fault.pointer}/`.startsWith(`/${name}/`));
    return index < 0 ? members.length : index;
  };
  return faults.sort((a, b) => rank(a) - rank(b));
}
