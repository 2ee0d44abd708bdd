import type { Answer } from './answer.js';

type Rule = (answer: Answer) => boolean;

/** What holds for every answer of the service, whatever was asked; the rows of the conformance list stand in brackets. */
const RULES: Record<string, Rule> = {
  '[B23] has a Date': ({ headers }) => !Number.isNaN(Date.parse(headers.date ?? '')),
  '[B24] has a Content-Type if it has content': ({ headers, content }) =>
    content.length === 0 || headers['content-type'] !== undefined,
  '[B25] has no content and no field of content if it is 204': ({ status, headers, content }) =>
    status !== 204 || (content.length === 0 && !headers['content-length'] && !headers['content-type']),
  '[B5] names the methods in Allow if it is 405': ({ status, headers }) =>
    status !== 405 || headers.allow !== undefined,
  '[D19] [D20] says how it may be cached, and problems are not stored, save those of a read': ({ status, headers }) =>
    status < 400 || status === 404 ? headers['cache-control'] !== undefined : headers['cache-control'] === 'no-store',
  '[K1] is a problem without a charset if it is an error with content': ({ status, headers, content }) =>
    status < 400 || content.length === 0 || headers['content-type'] === 'application/problem+json',
  '[K2] [K3] [P9] names status, type, code and request id as the header does': (answer) =>
    answer.headers['content-type'] !== 'application/problem+json' ||
    answer.content.length === 0 ||
    isWellFormedProblem(answer),
  '[K8] names added members with letters, digits and underscores': ({ headers, content, text }) =>
    headers['content-type'] !== 'application/problem+json' ||
    content.length === 0 ||
    Object.keys(JSON.parse(text) as object).every((name) => /^[A-Za-z][A-Za-z0-9_]{2,}$/.test(name)),
  '[P9] has an X-Request-Id': ({ headers }) => /^[A-Za-z0-9._-]{1,128}$/.test(String(headers['x-request-id'] ?? '')),
  '[K9] says nothing of the inside': ({ status, text }) =>
    status < 400 || !/node_modules|\bat .*:\d+:\d+|\bSELECT\b|\bINSERT\b|SQLITE_|QueryFailed/.test(text),
};

/** The rules that an answer breaks. */
export function lint(answer: Answer): string[] {
  return Object.entries(RULES).flatMap(([name, isKept]) => (isKept(answer) ? [] : [name]));
}

function isWellFormedProblem({ json, status, headers }: Answer): boolean {
  return (
    json.status === status &&
    /^[a-z]+(-[a-z]+)*$/.test(json.code) &&
    /^(https?:\/\/[^?#]+)?\/problems\//.test(json.type) &&
    json.type.endsWith(`/problems/${json.code}`) &&
    json.requestId === headers['x-request-id'] &&
    typeof json.retryable === 'boolean' &&
    [json.title, json.detail].every((text) => typeof text === 'string' && text !== '')
  );
}
