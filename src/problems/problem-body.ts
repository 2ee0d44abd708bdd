import type { PublicUrl } from '../config/public-url.js';
import { Faults } from './faults.js';
import { asIJson } from './i-json.js';
import type { InputFault, Problem, ProblemConstructor } from './problem.js';

/** The body of a problem (RFC 9457 §3.1, with the members of this service). I-JSON, since it may repeat texts of the client. */
export function problemBody(problem: Problem, status: number, requestId: string, publicUrl: PublicUrl): object {
  const { type, details } = problem;
  const links = Object.entries(details.links ?? {}).map(([name, path]) => [name, publicUrl.of(path)]);
  return asIJson({
    type: publicUrl.of(`/problems/${type.code}`),
    title: type.title,
    status,
    detail: details.detail,
    code: type.code,
    requestId,
    retryable: details.retryable ?? type.retryable,
    ...details.members,
    ...Object.fromEntries(links),
    ...(details.errors && listOf(details.errors)),
  });
}

function listOf(found: InputFault[] | Faults): object {
  const { listed, more } = found instanceof Faults ? found : new Faults(found);
  return { errors: listed, ...(more > 0 && { moreErrors: more }) };
}

const EXAMPLE_REQUEST_ID = '6f1c2a34-5b7d-4e8f-9a0b-1c2d3e4f5a6b';

/** An example body of a problem type, for documentation. */
export function exampleBody({ type, example }: ProblemConstructor, publicUrl: PublicUrl): object {
  return problemBody(example().getResponse() as Problem, type.status, EXAMPLE_REQUEST_ID, publicUrl);
}
