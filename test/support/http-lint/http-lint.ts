import type { IncomingHttpHeaders } from 'node:http';
import { problemsOf } from '../../../src/contract/operation.js';
import { outside } from '../../../src/http/outside.js';
import { OPERATIONS } from '../../../src/operations.js';
import { expectedCacheControl } from './cache-control.js';

/** What the linter judges: one request and its answer, nothing else. */
export interface Exchange {
  method: string;
  target: string;
  status: number;
  headers: IncomingHttpHeaders;
  content: Buffer;
}

// IANA HTTP Status Code Registry, final codes that have a meaning (306 and 418 have none).
// prettier-ignore
const REGISTERED = new Set([
  200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307, 308,
  400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417,
  421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 511,
]);

const INSIDE =
  /node_modules|\bat .*(?:\.[cm]?[jt]s|node:\S+|<anonymous>):\d+|\bSELECT\b|\bINSERT\b|SQLITE_|QueryFailed/;

const PROBLEM_CODES = new Set([...OPERATIONS, outside].flatMap(problemsOf).map(({ type }) => type.code));

const has = (name: string) => (exchange: Exchange) => exchange.headers[name] !== undefined;

/** Each rule, where it applies, and whether it holds. Sections without a document are of RFC 9110. */
const RULES: [rule: string, applies: (exchange: Exchange) => boolean, holds: (exchange: Exchange) => boolean][] = [
  ['the status code is registered (RFC 9205 §4.6)', () => true, ({ status }) => REGISTERED.has(status)],
  ['Date is present (§6.6.1)', () => true, has('date')],
  ['X-Request-Id is present [P9]', () => true, has('x-request-id')],
  ['a body has a Content-Type (§8.3)', ({ content }) => content.length > 0, has('content-type')],
  ['HEAD has no body (§9.3.2)', ({ method }) => method === 'HEAD', hasNoContent],
  ['204 and 304 have no body (§15.3.5, §15.4.5)', ({ status }) => status === 204 || status === 304, hasNoContent],
  [
    '304 has no representation metadata except for caches (§15.4.5) [D11]',
    ({ status }) => status === 304,
    ({ headers }) => !['content-type', 'content-length', 'last-modified'].some((name) => name in headers),
  ],
  [
    'Preference-Applied goes with Vary: Prefer (RFC 7240 §2) [O5]',
    has('preference-applied'),
    ({ headers }) => /\bPrefer\b/.test(headers.vary ?? ''),
  ],
  ['Last-Modified is not later than Date (§8.8.2.1) [D17]', has('last-modified'), isNotLaterThanDate],
  ['204 has no Content-Length (§8.6)', ({ status }) => status === 204, lacks('content-length')],
  ['201 to POST has Location (§15.3.2)', ({ method, status }) => method === 'POST' && status === 201, has('location')],
  ['401 has WWW-Authenticate (§15.5.2)', ({ status }) => status === 401, has('www-authenticate')],
  ['405 has Allow without the refused method (§15.5.6)', ({ status }) => status === 405, allowsOthers],
  ['415 says what is read (§15.5.16)', ({ status }) => status === 415, saysWhatIsRead],
  ['429 and 503 have Retry-After (§10.2.3)', ({ status }) => status === 429 || status === 503, saysWhenToRetry],
  ['4xx and 5xx are problems without charset (RFC 9457 §3)', hasErrorContent, isProblem],
  [
    'status of the problem is that of the answer (RFC 9457 §3.1.2)',
    hasErrorContent,
    (exchange) => problemOf(exchange).status === exchange.status,
  ],
  ['type of the problem is declared (RFC 9457 §3.1.1)', hasErrorContent, hasDeclaredType],
  ['requestId of the problem is X-Request-Id [P9]', hasErrorContent, hasIdOfAnswer],
  ['members of the problem are well named (RFC 9457 §3.2)', hasErrorContent, hasWellNamedMembers],
  ['the problem is I-JSON (RFC 7493 §2.1) [K12]', hasErrorContent, (exchange) => isIJson(problemOf(exchange))],
  ['a problem lists at most 100 faults [K13]', hasErrorContent, listsFew],
  ['Vary names Accept [C16]', isOfResource, ({ headers }) => /\bAccept\b/.test(headers.vary ?? '')],
  ['no sniffing of types [L22]', () => true, ({ headers }) => headers['x-content-type-options'] === 'nosniff'],
  ['a page has a strict policy and sends no Referer [L23]', isPage, isClosedPage],
  [
    'a page of another origin is let in by name, without credentials [L21]',
    has('access-control-allow-origin'),
    ({ headers }) => headers['access-control-allow-origin'] !== '*' && !('access-control-allow-credentials' in headers),
  ],
  ['the problem shows nothing of the inside [K9]', hasErrorContent, ({ content }) => !INSIDE.test(content.toString())],
  [
    'Cache-Control is that of row [D19]',
    () => true,
    (exchange) => exchange.headers['cache-control'] === expectedCacheControl(exchange),
  ],
];

/** The rules that an answer breaks. */
export function lint(exchange: Exchange): string[] {
  return RULES.filter(([, applies, holds]) => applies(exchange) && !holds(exchange)).map(([rule]) => rule);
}

// Answers with other statuses may be sent before the resource is known.
function isOfResource({ target, status }: Exchange): boolean {
  return target !== '*' && [200, 201, 204, 304, 405, 406, 409, 412, 413, 415, 417].includes(status);
}

function isPage({ headers }: Exchange): boolean {
  return headers['content-type']?.startsWith('text/html') === true;
}

function isClosedPage({ headers }: Exchange): boolean {
  const policy = String(headers['content-security-policy']).split('; ');
  const parts = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];
  const isStrict = parts.every((part) => policy.includes(part)) && !/'unsafe-|\*/.test(policy.join(';'));
  return isStrict && headers['referrer-policy'] === 'no-referrer';
}

function lacks(name: string) {
  return ({ headers }: Exchange) => headers[name] === undefined;
}

function hasNoContent({ content }: Exchange): boolean {
  return content.length === 0;
}

function allowsOthers({ method, headers }: Exchange): boolean {
  return headers.allow !== undefined && !headers.allow.split(/\s*,\s*/).includes(method);
}

function saysWhatIsRead({ headers }: Exchange): boolean {
  return ['accept', 'accept-encoding', 'accept-patch', 'accept-query'].some((name) => headers[name] !== undefined);
}

// No time is right for what counts as more than a whole window allows.
function saysWhenToRetry(exchange: Exchange): boolean {
  const { headers, status } = exchange;
  if (status === 429 && hasErrorContent(exchange) && problemOf(exchange).code === 'quota-too-small') {
    return headers['retry-after'] === undefined;
  }
  const field = headers['retry-after'] ?? '';
  return /^\d+$/.test(field) || !Number.isNaN(Date.parse(field));
}

function isNotLaterThanDate({ headers }: Exchange): boolean {
  return Date.parse(headers['last-modified'] ?? '') <= Date.parse(headers.date ?? '');
}

// A message that ended early or came in several packets may be a HEAD.
function hasErrorContent({ method, status, headers }: Exchange): boolean {
  const isOfUnknownMethod = headers['content-length'] === '0' && headers.connection === 'close';
  return status >= 400 && method !== 'HEAD' && !isOfUnknownMethod;
}

function isProblem({ headers, content }: Exchange): boolean {
  return headers['content-type'] === 'application/problem+json' && content.length > 0;
}

interface SentProblem {
  type?: string;
  status?: number;
  code?: string;
  requestId?: string;
  errors?: unknown[];
  moreErrors?: number;
}

/** Many rules ask for it. */
const problems = new WeakMap<Buffer, SentProblem>();

function problemOf({ content }: Exchange): SentProblem {
  const known = problems.get(content);
  if (known) return known;
  const problem = readProblem(content.toString());
  problems.set(content, problem);
  return problem;
}

function readProblem(text: string): SentProblem {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    return {};
  }
}

function isIJson(value: unknown): boolean {
  if (typeof value === 'string') return !/[\p{Surrogate}\p{Noncharacter_Code_Point}]/u.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).flat().every(isIJson);
}

function listsFew(exchange: Exchange): boolean {
  const { errors, moreErrors } = problemOf(exchange);
  return (errors?.length ?? 0) <= 100 && (moreErrors === undefined || (errors?.length === 100 && moreErrors > 0));
}

function hasDeclaredType(exchange: Exchange): boolean {
  const { type, code = '' } = problemOf(exchange);
  return PROBLEM_CODES.has(code) && type?.endsWith(`/problems/${code}`) === true;
}

function hasIdOfAnswer(exchange: Exchange): boolean {
  return problemOf(exchange).requestId === exchange.headers['x-request-id'];
}

function hasWellNamedMembers(exchange: Exchange): boolean {
  return Object.keys(problemOf(exchange)).every((name) => /^[A-Za-z][A-Za-z0-9_]{2,}$/.test(name));
}
