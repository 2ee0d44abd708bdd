import type { ValidationError } from 'class-validator';
import { pointerTo, type InputFault } from '../../../problems/problem.js';
import { elementFaults } from './each.js';
import { EACH, publicNameOf } from './rule-names.js';

/** What class-validator found in a body, each fault at the JSON Pointer of the member or element that it is about. */
export function rulesBroken(errors: ValidationError[], parent = ''): InputFault[] {
  return errors.flatMap((error) => {
    const pointer = parent + pointerTo(error.property);
    const faults = Object.entries(error.constraints ?? {}).flatMap(([rule, detail]): InputFault[] =>
      rule === EACH
        ? elementFaults(error).map(({ index, ...fault }) => ({ pointer: `${pointer}/${index}`, ...fault }))
        : [{ pointer, rule: publicNameOf(rule), detail }],
    );
    return [...faults, ...rulesBroken(error.children ?? [], pointer)];
  });
}

/** What class-validator found in a query, by parameter. */
export function parametersBroken(errors: ValidationError[]): InputFault[] {
  return errors.flatMap(({ property, constraints = {} }) =>
    Object.entries(constraints).map(([rule, detail]) => ({ parameter: property, rule: publicNameOf(rule), detail })),
  );
}
