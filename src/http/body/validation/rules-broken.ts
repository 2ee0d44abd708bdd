import type { ValidationError } from 'class-validator';
import { pointerTo, type InputFault } from '../../../problems/problem.js';

// The rule codes of the API. A code is stable; the class-validator rule behind it may change.
const RULE_CODES: Record<string, string> = {
  isDefined: 'required',
  isString: 'type',
  isObject: 'type',
  matches: 'pattern',
};

/** What class-validator found, as faults of the body (by JSON Pointer) or of the query (by parameter). */
export function rulesBroken(errors: ValidationError[], place: 'pointer' | 'parameter'): InputFault[] {
  return errors.flatMap(({ property, constraints = {} }) =>
    Object.entries(constraints).map(([name, detail]) => ({
      ...(place === 'pointer' ? { pointer: pointerTo(property) } : { parameter: property }),
      rule: RULE_CODES[name] ?? name,
      detail,
    })),
  );
}
