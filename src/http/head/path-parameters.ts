import type { FastifyRequest } from 'fastify';
import type { Operation } from '../../contract/operation.js';
import { invalidPath } from './head.problems.js';

/** Checks each path parameter against the grammar that the operation declares. Problem: invalidPath (400). */
export function checkPathParameters(request: FastifyRequest): void {
  const { operation, params: rules = operation?.params } = request.route;
  if (!rules) return;
  requireParameters(rules, request.params as Record<string, string>);
}

/** The same for parameters that stand elsewhere. */
export function requireParameters(rules: NonNullable<Operation['params']>, given: Record<string, string>): void {
  const broken = Object.entries(rules).filter(([name, { pattern }]) => !pattern.test(given[name] ?? ''));
  if (broken.length > 0) {
    throw invalidPath(
      broken.map(([name, rule]) => ({ parameter: name, rule: 'pattern', detail: `${name} must be ${rule.expected}.` })),
    );
  }
}
