import type { Type } from '@nestjs/common';
import { getMetadataStorage, validateSync } from 'class-validator';
import { Faults, shortened } from '../../../problems/faults.js';
import { pointerTo, type InputFault } from '../../../problems/problem.js';
import { rulesBroken } from './rules-broken.js';

/**
 * Puts the members of a JSON object into a DTO, as they are, and names those that it does not have. class-transformer
 * would walk into `attributes`, where it throws on a member named `constructor`, overflows the stack on deep ones and
 * costs a millisecond for 15 KB.
 */
export function intoDto<T extends object>(Dto: Type<T>, value: object): { dto: T; unknown: Faults } {
  const members = membersOf(Dto);
  const dto = new Dto();
  for (const name of members) {
    if (Object.hasOwn(value, name)) Reflect.set(dto, name, Reflect.get(value, name));
  }
  return { dto, unknown: unknownMembers(Dto, Object.keys(value)) };
}

/** Those of some names that are no members of a DTO. The scanner of the text refuses `__proto__`. */
export function unknownMembers(Dto: Type<object>, names: Iterable<string>): Faults {
  const members = membersOf(Dto);
  const unknown = new Faults();
  for (const name of names) {
    if (!members.includes(name) && name !== '__proto__') unknown.add(() => unknownMember(name));
  }
  return unknown;
}

/** Every rule that a DTO breaks, and the `others`, in the order of the DTO's members. */
export function faultsOf(dto: object, others: Faults): Faults {
  const members = membersOf(dto.constructor as Type<object>);
  const rank = (fault: InputFault) => {
    const index = members.findIndex((name) => 'pointer' in fault && `${fault.pointer}/`.startsWith(`/${name}/`));
    return index < 0 ? members.length : index;
  };
  const broken = rulesBroken(validateSync(dto, { stopAtFirstError: true }));
  return others.mapped((listed) => [...broken, ...listed].sort((a, b) => rank(a) - rank(b)));
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
  const shown = shortened(name);
  return { pointer: pointerTo(shown), rule: 'unknown', detail: `${shown} is not a member here.` };
}
