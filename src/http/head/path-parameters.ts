import type { FastifyRequest } from 'fastify';
import { invalidPath } from './head.problems.js';

/** Checks each path parameter against the grammar that the operation declares. Problem: invalidPath (400). */
export function checkPathParameters(request: FastifyRequest): void {
  const { operation, params: rules = operation?.params } = request.route;
  if (!rules) return;
  const given = request.params as Record<string, string>;
  const broken = Object.entries(rules).filter(([name, { pattern }]) => !pattern.test(given[name] ?? ''));
  if (broken.length > 0) {
    throw invalidPath(
      broken.map(([name, rule]) => ({ parameter: name, rule: 'pattern', detail: `${name} must be ${rule.expected}.` })),
    );
  }
}
