import { describe, expect, it } from '@jest/globals';
import { lint, type Exchange } from './http-lint.js';

const everywhere = {
  date: 'Fri, 02 Jan 2026 03:04:05 GMT',
  'x-request-id': 'a',
  'cache-control': 'no-store',
  vary: 'Accept',
  'x-content-type-options': 'nosniff',
};
const page = {
  ...everywhere,
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};
const json = { ...everywhere, 'content-type': 'application/json; charset=utf-8' };
const problem = { ...everywhere, 'content-type': 'application/problem+json' };

function problemText(status: number, code: string, members: object = {}): Buffer {
  return Buffer.from(JSON.stringify({ type: `/problems/${code}`, status, code, requestId: 'a', ...members }));
}

const read: Exchange = { method: 'GET', target: '/example', status: 200, headers: json, content: Buffer.from('{}') };
const none = Buffer.alloc(0);
const refusal = (status: number, code: string, headers: object = {}): Exchange => ({
  ...read,
  status,
  headers: { ...problem, ...headers },
  content: problemText(status, code),
});

describe('lint', () => {
  it.each([
    ['a read', read],
    ['a HEAD', { ...read, method: 'HEAD', content: none }],
    ['a 204', { ...read, method: 'DELETE', status: 204, headers: everywhere, content: none }],
    ['a page', { ...read, headers: page }],
    [
      'an answer to a page of another origin',
      { ...read, headers: { ...json, 'access-control-allow-origin': 'http://a' } },
    ],
    ['a 404', refusal(404, 'route-not-found')],
    ['a 405', refusal(405, 'method-not-allowed', { allow: 'HEAD, OPTIONS' })],
  ])('passes %s that breaks no rule', (_, exchange) => {
    expect(lint(exchange)).toEqual([]);
  });

  it.each<[string, Exchange, string]>([
    ['an unregistered code', { ...read, status: 299 }, 'the status code is registered'],
    ['no Date', { ...read, headers: { ...json, date: undefined } }, 'Date is present'],
    ['no X-Request-Id', { ...read, headers: { ...json, 'x-request-id': undefined } }, 'X-Request-Id is present'],
    ['a body without a type', { ...read, headers: everywhere }, 'a body has a Content-Type'],
    ['HEAD with a body', { ...read, method: 'HEAD' }, 'HEAD has no body'],
    ['204 with a body', { ...read, status: 204 }, '204 and 304 have no body'],
    ['304 with a body', { ...read, status: 304 }, '204 and 304 have no body'],
    [
      '204 with Content-Length',
      { ...read, status: 204, headers: { ...everywhere, 'content-length': '0' }, content: none },
      '204 has no Content-Length',
    ],
    ['201 to POST without Location', { ...read, method: 'POST', status: 201 }, '201 to POST has Location'],
    ['200 without Vary', { ...read, headers: { ...json, vary: 'Origin' } }, 'Vary names Accept'],
    [
      'an answer that may be sniffed',
      { ...read, headers: { ...json, 'x-content-type-options': undefined } },
      'no sniffing',
    ],
    ['a page without a policy', { ...read, headers: { ...page, 'content-security-policy': undefined } }, 'a page has'],
    [
      'a page that others can frame',
      {
        ...read,
        headers: { ...page, 'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'" },
      },
      'a page has',
    ],
    [
      'a page that runs inline scripts',
      {
        ...read,
        headers: {
          ...page,
          'content-security-policy': `${page['content-security-policy']}; script-src 'self' 'unsafe-inline'`,
        },
      },
      'a page has',
    ],
    [
      'a page whose links tell where they are',
      { ...read, headers: { ...page, 'referrer-policy': undefined } },
      'a page has',
    ],
    [
      'any origin let in',
      { ...read, headers: { ...json, 'access-control-allow-origin': '*' } },
      'a page of another origin',
    ],
    [
      'credentials of other origins taken',
      {
        ...read,
        headers: { ...json, 'access-control-allow-origin': 'http://a', 'access-control-allow-credentials': 'true' },
      },
      'a page of another origin',
    ],
    ['401 without a challenge', refusal(401, 'route-not-found'), '401 has WWW-Authenticate'],
    ['405 without Allow', refusal(405, 'method-not-allowed'), '405 has Allow'],
    ['405 that allows what it refuses', refusal(405, 'method-not-allowed', { allow: 'GET, PUT' }), '405 has Allow'],
    ['415 without Accept', refusal(415, 'unsupported-media-type'), '415 says what is read'],
    ['429 without Retry-After', refusal(429, 'route-not-found'), '429 and 503 have Retry-After'],
    ['503 with a Retry-After of words', refusal(503, 'storage-unavailable', { 'retry-after': 'soon' }), '429 and 503'],
    ['an error that is plain JSON', { ...read, status: 400 }, '4xx and 5xx are problems'],
    [
      'a problem with a charset',
      refusal(404, 'route-not-found', { 'content-type': 'application/problem+json; charset=utf-8' }),
      '4xx and 5xx',
    ],
    ['an error without a body', { ...refusal(404, 'route-not-found'), content: none }, '4xx and 5xx are problems'],
    [
      'a problem of another status',
      { ...refusal(404, 'route-not-found'), content: problemText(400, 'route-not-found') },
      'status of the problem',
    ],
    ['a problem of an undeclared type', refusal(404, 'no-such-problem'), 'type of the problem is declared'],
    [
      'a problem of another request',
      { ...refusal(404, 'route-not-found'), content: problemText(404, 'route-not-found', { requestId: 'b' }) },
      'requestId of the problem',
    ],
    [
      'a member whose name is too short',
      { ...refusal(404, 'route-not-found'), content: problemText(404, 'route-not-found', { id: 1 }) },
      'members of the problem',
    ],
    [
      'a problem that shows a stack',
      {
        ...refusal(404, 'route-not-found'),
        content: problemText(404, 'route-not-found', { detail: 'at f (a.js:1:2)' }),
      },
      'nothing of the inside',
    ],
    [
      'a read that shared caches may store',
      { ...read, headers: { ...json, 'cache-control': 'public' } },
      'Cache-Control is that of row',
    ],
    ['an item without private, no-cache', { ...read, target: '/items/1' }, 'Cache-Control is that of row'],
    ['documentation that may not be stored', { ...read, target: '/openapi.json' }, 'Cache-Control is that of row'],
  ])('reports %s', (_, exchange, rule) => {
    expect(lint(exchange)).toContainEqual(expect.stringContaining(rule));
  });
});
