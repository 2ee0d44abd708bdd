import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { countParameters, parseForm, type Parameters } from '../body/form.js';
import { parametersBroken } from '../body/validation/rules-broken.js';
import { shortened } from '../../problems/faults.js';
import type { Operation } from '../../contract/operation.js';
import { invalidQuery } from './head.problems.js';
import type { InputFault } from '../../problems/problem.js';
import { KnownQueries } from './known-queries.js';

/** The most parameters in the content of a QUERY. No operation takes as many. */
export const MAX_PARAMETERS = 100;

/**
 * Replaces the query by the DTO that the operation declares, or by what it reads from that. Problem: invalidQuery (400) with every
 * parameter that is unknown, given twice or out of range. With QUERY every parameter in the target is unknown.
 */
export function checkQuery(request: FastifyRequest): void {
  const { operation } = request.route;
  if (request.method === 'OPTIONS' || operation?.isProbe) return;
  const { query: Dto, readQuery } = operation ?? {};
  const given = request.query as Parameters;
  if (Object.keys(given).length > 0) request.query = readTarget(request, given);
  else if (Dto) request.query = withoutQuery(Dto, readQuery);
}

const known = new KnownQueries();

function readTarget(request: FastifyRequest, given: Parameters): object {
  const { route, url } = request;
  const { query: Dto, readQuery, method, params } = route.operation ?? {};
  const before = known.find(route.operation, url);
  if (before) return before;
  const query = readAs(request, given, method === 'QUERY' ? undefined : Dto, readQuery);
  // Others hardly ever ask for the same target if its path has parameters.
  if (!params) known.keep(route.operation, url, query);
  return query;
}

/** Does the same with the query in the content of a QUERY. Problems: malformedForm, and those of {@link checkQuery} (400). */
export function readForm(request: FastifyRequest, bytes: Buffer): void {
  const { query: Dto, readQuery } = request.route.operation!;
  const count = countParameters(bytes);
  if (count > MAX_PARAMETERS) throw invalidQuery([tooMany(count)], parametersOf(Dto!));
  const given = parseForm(bytes);
  if (Object.keys(given).length > 0) request.query = readAs(request, given, Dto, readQuery);
}

function readAs(
  request: FastifyRequest,
  given: Parameters,
  Dto: Operation['query'],
  readQuery: Operation['readQuery'],
): object {
  const knownNames = Dto ? parametersOf(Dto) : [];
  const isKnown = (name: string) => knownNames.includes(name);
  const faults: InputFault[] = Object.keys(given).flatMap((name) => {
    if (!isKnown(name)) return [unknownParameter(name)];
    return Array.isArray(given[name]) ? [repeatedParameter(name)] : [];
  });
  faults.push(...undecodable(request.url));
  if (!Dto) throw invalidQuery(faults, knownNames);
  const single = Object.entries(given).filter(([name, value]) => isKnown(name) && !Array.isArray(value));
  const query = plainToInstance(Dto, Object.fromEntries(single));
  faults.unshift(...parametersBroken(validateSync(query, { stopAtFirstError: true })));
  if (faults.length > 0) throw invalidQuery(faults, knownNames);
  return readQuery ? readQuery(query, request.params as Record<string, string>) : query;
}

/** What class-validator knows of each DTO: its members. To ask it again for each request would take longer than its rules. */
const parameters = new Map<Type<object>, string[]>();

function parametersOf(Dto: Type<object>): string[] {
  const before = parameters.get(Dto);
  if (before) return before;
  const rules = getMetadataStorage().getTargetValidationMetadatas(Dto, '', false, false);
  const names = [...new Set(rules.map(({ propertyName }) => propertyName))];
  parameters.set(Dto, names);
  return names;
}

/** What is read from a query without parameters, by the DTO. */
const empty = new Map<Type<object>, object>();

function withoutQuery(Dto: Type<object>, readQuery: Operation['readQuery']): object {
  const before = empty.get(Dto);
  if (before) return before;
  const query = new Dto();
  const read = Object.freeze(readQuery ? readQuery(query, {}) : query);
  empty.set(Dto, read);
  return read;
}

// The query was read without complaint: what can't be decoded was left as it is.
function undecodable(target: string): InputFault[] {
  const at = target.indexOf('?');
  const query = at === -1 ? '' : target.slice(at + 1);
  if (!query.includes('%')) return [];
  return query.split('&').flatMap((pair) => {
    try {
      decodeURIComponent(pair);
      return [];
    } catch {
      const [name = ''] = pair.split('=', 1);
      const detail = 'Its percent-encoding is not that of UTF-8. A percent sign is %25.';
      return [{ parameter: shortened(name), rule: 'encoding', detail }];
    }
  });
}

function unknownParameter(name: string): InputFault {
  return { parameter: shortened(name), rule: 'unknown', detail: 'This operation does not take this query parameter.' };
}

function repeatedParameter(name: string): InputFault {
  return { parameter: name, rule: 'repeated', detail: `${name} is given more than once.` };
}

function tooMany(count: number): InputFault {
  const detail = `The body has ${count} parameters. At most ${MAX_PARAMETERS} are allowed.`;
  return { parameter: '', rule: 'count', detail };
}
