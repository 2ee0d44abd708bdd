import { getMetadataStorage, ValidateBy, type ValidationError } from 'class-validator';
import { isWithin } from './json-rules.js';
import { EACH, type RuleName } from './rule-names.js';

/** A rule for one element of an array. */
interface ElementRule {
  name: RuleName;
  isKept: (element: unknown, index: number, elements: unknown[]) => boolean;
  /** Completes the sentence "tags/0 must". */
  says: (element: unknown, elements: unknown[]) => string;
}

/** What is wrong with one element of an array. */
interface ElementFault {
  index: number;
  rule: RuleName;
  detail: string;
}

/** The rules of each element of an array. Must run after IsArray. */
export function Each(...rules: ElementRule[]): PropertyDecorator {
  const isKeptByAll = (elements: unknown[]) =>
    elements.every((element, index) => !firstBroken(rules, element, index, elements));
  return ValidateBy({
    name: EACH,
    constraints: rules,
    validator: { validate: (value) => isKeptByAll(value as unknown[]) },
  });
}

/** Every element that breaks a rule, with the first rule that it breaks. class-validator only names the member. */
export function elementFaults({ target, property, value }: ValidationError): ElementFault[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas((target as object).constructor, '', false, false);
  const each = metadata.find(({ name, propertyName }) => name === EACH && propertyName === property);
  const elements = value as unknown[];
  return elements.flatMap((element, index) => {
    const broken = firstBroken(each?.constraints as ElementRule[], element, index, elements);
    if (!broken) return [];
    return [{ index, rule: broken.name, detail: `${property}/${index} must ${broken.says(element, elements)}.` }];
  });
}

function firstBroken(rules: ElementRule[], element: unknown, index: number, elements: unknown[]) {
  return rules.find(({ isKept }) => !isKept(element, index, elements));
}

export const IS_TEXT: ElementRule = {
  name: 'type',
  isKept: (element) => typeof element === 'string',
  says: () => 'be a string',
};

/** Text of `min` to `max` Unicode code points. Must come after IS_TEXT. */
export function hasLength(min: number, max: number): ElementRule {
  return {
    name: 'length',
    isKept: (element) => isWithin(element as string, min, max),
    says: () => `be ${min} to ${max} characters long`,
  };
}

/** Of equal elements only the first keeps this rule. */
export const IS_UNIQUE: ElementRule = {
  name: 'unique',
  isKept: (element, index, elements) => elements.indexOf(element) === index,
  says: (element, elements) => `not repeat element ${elements.indexOf(element)}`,
};
