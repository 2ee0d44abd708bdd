import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { parametersBroken } from '../body/validation/rules-broken.js';
import { shortened } from '../../problems/faults.js';
import { invalidQuery } from './head.problems.js';
import type { InputFault } from '../../problems/problem.js';

/**
 * Replaces the query by the DTO that the operation declares. Problem: invalidQuery (400) with every parameter that is
 * unknown, given twice or out of range.
 */
export function checkQuery(request: FastifyRequest): void {
  const { operation } = request.route;
  if (request.method === 'OPTIONS' || operation?.isProbe) return;
  const Dto = operation?.query;
  const given = request.query as Record<string, string | string[]>;
  const names = Object.keys(given);
  if (names.length === 0) {
    if (Dto) request.query = noneOf(Dto);
    return;
  }
  const known = Dto ? getMetadataStorage().getTargetValidationMetadatas(Dto, '', false, false) : [];
  const knownNames = [...new Set(known.map(({ propertyName }) => propertyName))];
  const isKnown = (name: string) => knownNames.includes(name);
  const faults: InputFault[] = names.flatMap((name) => {
    if (!isKnown(name)) return [unknownParameter(name)];
    return Array.isArray(given[name]) ? [repeatedParameter(name)] : [];
  });
  if (Dto) {
    const single = Object.entries(given).filter(([name, value]) => isKnown(name) && !Array.isArray(value));
    const query = plainToInstance(Dto, Object.fromEntries(single));
    faults.unshift(...parametersBroken(validateSync(query, { stopAtFirstError: true })));
    request.query = query;
  }
  if (faults.length > 0) throw invalidQuery(faults, knownNames);
}

/** The DTO of a query without parameters, by its class. */
const none = new Map<Type<object>, object>();

function noneOf(Dto: Type<object>): object {
  const known = none.get(Dto) ?? Object.freeze(new Dto());
  none.set(Dto, known);
  return known;
}

function unknownParameter(name: string): InputFault {
  return { parameter: shortened(name), rule: 'unknown', detail: 'This operation does not take this query parameter.' };
}

function repeatedParameter(name: string): InputFault {
  return { parameter: name, rule: 'repeated', detail: `${name} is given more than once.` };
}
