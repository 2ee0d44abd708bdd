import type { PublicUrl } from '../public-url.js';
import type { Problem } from './problem.js';

/** The content of a problem answer (RFC 9457 §3.1, with this service's members). */
export function problemBody(problem: Problem, status: number, requestId: string, publicUrl: PublicUrl): object {
  const { type, details } = problem;
  const links = Object.entries(details.links ?? {}).map(([name, path]) => [name, publicUrl.of(path)]);
  return {
    type: publicUrl.of(`/problems/${type.code}`),
    title: type.title,
    status,
    detail: details.detail,
    code: type.code,
    requestId,
    retryable: details.retryable ?? type.retryable,
    ...details.members,
    ...Object.fromEntries(links),
    ...(details.errors && { errors: details.errors }),
  };
}
