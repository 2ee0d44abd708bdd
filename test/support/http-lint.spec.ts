import { describe, expect, it } from '@jest/globals';
import { Answer } from './answer.js';
import { lint } from './http-lint.js';

const FIELDS = { date: 'Fri, 02 Jan 2026 03:04:05 GMT', 'x-request-id': 'r1', 'cache-control': 'no-store' };
const PROBLEM = {
  type: '/problems/item-not-found',
  title: 'Item not found',
  status: 404,
  detail: 'There is no item x.',
  code: 'item-not-found',
  requestId: 'r1',
  retryable: false,
};

const broken = (status: number, fields: Record<string, string | undefined>, content: string | object = '') => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const answer = new Answer({ method: 'GET', target: '/' }, status, { ...FIELDS, ...fields }, Buffer.from(text));
  return lint(answer).flatMap((rule) => rule.match(/\[[A-Z]\d+\]/g) ?? []);
};
const brokenProblem = (changed: object) =>
  broken(404, { 'content-type': 'application/problem+json' }, { ...PROBLEM, ...changed });

describe('lint', () => {
  it('nothing against a good answer', () => {
    expect(broken(200, { 'content-type': 'application/json' }, {})).toEqual([]);
    expect(broken(204, {})).toEqual([]);
    expect(brokenProblem({})).toEqual([]);
    expect(brokenProblem({ type: 'https://items.test/api/problems/item-not-found' })).toEqual([]);
  });

  it.each<[string[], number, Record<string, string | undefined>, string]>([
    [['[B23]'], 200, { date: undefined }, ''],
    [['[B24]'], 200, {}, 'x'],
    [['[B25]'], 204, { 'content-length': '0' }, ''],
    [['[B5]'], 405, {}, ''],
    [['[D19]', '[D20]'], 200, { 'cache-control': undefined }, ''],
    [['[D19]', '[D20]'], 409, { 'cache-control': 'private, no-cache' }, ''],
    [['[K1]'], 400, { 'content-type': 'application/problem+json; charset=utf-8' }, '{}'],
    [['[P9]'], 200, { 'x-request-id': undefined }, ''],
    [
      ['[K9]'],
      500,
      { 'content-type': 'application/problem+json' },
      JSON.stringify({ ...PROBLEM, status: 500, detail: 'SELECT 1' }),
    ],
  ])('%j against %i with %j', (rows, status, fields, content) => {
    expect(broken(status, fields, content)).toEqual(rows);
  });

  it.each([
    { status: 400 },
    { code: 'ItemNotFound' },
    { type: 'about:blank' },
    { type: '/problems/other' },
    { requestId: 'r2' },
    { retryable: undefined },
    { detail: '' },
  ])('[K2] [K3] against a problem with %j', (changed) => {
    expect(brokenProblem(changed)).toEqual(['[K2]', '[K3]', '[P9]']);
  });

  it('[K8] against a member with another name', () => {
    expect(brokenProblem({ 'item-id': 'x' })).toEqual(['[K8]']);
  });
});
