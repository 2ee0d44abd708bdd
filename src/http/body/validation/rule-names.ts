import type { Type } from '@nestjs/common';
import { getMetadataStorage, ValidationTypes } from 'class-validator';

/** The public name of a rule, as errors give it. It is stable; the class-validator rule behind it may change. */
export type RuleName =
  | 'required'
  | 'type'
  | 'pattern'
  | 'integer'
  | 'length'
  | 'count'
  | 'unique'
  | 'depth'
  | 'size'
  | 'enum'
  | 'format'
  | 'words';

/** By the name of the rule in class-validator. */
const PUBLIC_NAMES: Record<string, RuleName> = {
  isDefined: 'required',
  isString: 'type',
  isObject: 'type',
  isArray: 'type',
  isBoolean: 'type',
  nestedValidation: 'type',
  type: 'type',
  matches: 'pattern',
  isIn: 'enum',
  format: 'format',
  integer: 'integer',
  length: 'length',
  arrayMaxSize: 'count',
  arrayMinSize: 'count',
  depth: 'depth',
  size: 'size',
  words: 'words',
};

/** The class-validator name of the rule about the elements of an array. Each of its faults has a name of its own. */
export const EACH = 'each';

/** What class-validator stores about a member that is not a rule. */
const NO_RULES: string[] = [ValidationTypes.WHITELIST, ValidationTypes.CONDITIONAL_VALIDATION];

/** Error: the rule has no public name. */
export function publicNameOf(rule: string): RuleName {
  if (!Object.hasOwn(PUBLIC_NAMES, rule)) throw new Error(`the rule ${rule} has no public name in rule-names.ts`);
  return PUBLIC_NAMES[rule]!;
}

/**
 * Called at the start for every DTO of a request. Error: a rule has no public name, or is about each element of an array
 * without saying which one broke it.
 */
export function requirePublicNames(Dto: Type<object>): void {
  for (const rule of getMetadataStorage().getTargetValidationMetadatas(Dto, '', false, false)) {
    const { name, type, propertyName, each } = rule;
    if (name === EACH || NO_RULES.includes(type)) continue;
    try {
      publicNameOf(name ?? type);
      if (each) throw new Error('use Each() instead of the option `each`');
      if (type === ValidationTypes.NESTED_VALIDATION) requireNested(Dto, propertyName);
    } catch (error) {
      throw new Error(`${Dto.name}.${propertyName}: ${(error as Error).message}`, { cause: error });
    }
  }
}

function requireNested(Dto: Type<object>, member: string): void {
  const Inner = nestedDtoOf(Dto, member);
  if (!Inner) throw new Error('a nested DTO must be the type of its member');
  requirePublicNames(Inner);
}

const NO_DTOS: unknown[] = [Object, Array, String, Number, Boolean];

/** The class of a member that is a DTO itself: one with @ValidateNested(), of which the compiler notes the type. */
export function nestedDtoOf(Dto: Type<object>, member: string): Type<object> | undefined {
  const rules = getMetadataStorage().getTargetValidationMetadatas(Dto, '', false, false);
  const isNested = rules.some(
    ({ propertyName, type }) => propertyName === member && type === ValidationTypes.NESTED_VALIDATION,
  );
  const noted: unknown = isNested ? Reflect.getMetadata('design:type', Dto.prototype, member) : undefined;
  return typeof noted === 'function' && !NO_DTOS.includes(noted) ? (noted as Type<object>) : undefined;
}
