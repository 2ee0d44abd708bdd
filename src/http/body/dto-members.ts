import type { Type } from '@nestjs/common';
import { getMetadataStorage, validateSync } from 'class-validator';
import { pointerTo, type InputFault } from '../problems/problem.js';
import { rulesBroken } from './rules-broken.js';

/** As many unknown members as are named at once. */
const MAX_UNKNOWN_MEMBERS = 100;

/**
 * Puts the members of a JSON object into a DTO, as they are, and names those that it does not have. class-transformer
 * would walk into `attributes`, where it throws on a member named `constructor`, overflows the stack on deep ones and
 * costs a millisecond for 15 KB.
 */
export function intoDto<T extends object>(Dto: Type<T>, value: object): { dto: T; unknown: InputFault[] } {
  const members = membersOf(Dto);
  const dto = new Dto();
  for (const name of members) {
    if (Object.hasOwn(value, name)) Reflect.set(dto, name, Reflect.get(value, name));
  }
  const unknown: InputFault[] = [];
  for (const name of Object.keys(value)) {
    // Enough to see what is wrong, and no answer many times larger than its request.
    if (unknown.length === MAX_UNKNOWN_MEMBERS) break;
    if (!members.includes(name) && name !== '__proto__') unknown.push(unknownMember(name));
  }
  return { dto, unknown };
}

/** Every rule that a DTO breaks, and what was found besides, in the order of the DTO's members. */
export function faultsOf(dto: object, others: InputFault[]): InputFault[] {
  const members = membersOf(dto.constructor as Type<object>);
  const rank = (fault: InputFault) => {
    const index = members.findIndex((name) => 'pointer' in fault && `${fault.pointer}/`.startsWith(`/${name}/`));
    return index < 0 ? members.length : index;
  };
  const broken = rulesBroken(validateSync(dto, { stopAtFirstError: true }), 'pointer');
  return [...broken, ...others].sort((a, b) => rank(a) - rank(b));
}

const membersOfDtos = new Map<Type<object>, string[]>();

/** The members of a DTO, in the order in which its class declares them. */
function membersOf(Dto: Type<object>): string[] {
  const known = membersOfDtos.get(Dto);
  if (known) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(Dto, '', false, false);
  const members = [...new Set(rules.map((rule) => rule.propertyName))];
  membersOfDtos.set(Dto, members);
  return members;
}

function unknownMember(name: string): InputFault {
  const shown = name.length > 128 ? `${name.slice(0, 128)}…` : name;
  return { pointer: pointerTo(shown), rule: 'unknown', detail: `${shown} is not a member here.` };
}
