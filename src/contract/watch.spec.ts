import { describe, expect, it } from '@jest/globals';
import { methodNotAllowed, routeNotFound } from '../http/head/head.problems.js';
import { breachOf } from './watch.js';

const declaration = {
  id: 'getThing',
  method: 'GET',
  answers: { 200: { description: 'The thing', fields: ['ETag'] }, 404: [routeNotFound], 405: [methodNotAllowed] },
};
const everywhere = ['X-Request-Id', 'Cache-Control', 'Vary'];

describe('breachOf', () => {
  it.each([
    [
      'a declared success with its fields',
      { status: 200, code: undefined, fields: [...everywhere, 'ETag'] },
      /^undefined$/,
    ],
    ['a declared problem', { status: 404, code: 'route-not-found', fields: everywhere }, /^undefined$/],
    ['a status that is not declared', { status: 202, code: undefined, fields: everywhere }, /202, which it does not/],
    [
      'a problem that is not declared',
      { status: 404, code: 'other', fields: everywhere },
      /404 other, which it does not/,
    ],
    ['a status without the problem declared for it', { status: 404, code: undefined, fields: everywhere }, /does not/],
    ['a problem under the status of a success', { status: 200, code: 'other', fields: everywhere }, /does not/],
    ['a success without its field', { status: 200, code: undefined, fields: everywhere }, /without ETag/],
    ['a problem without its field', { status: 405, code: 'method-not-allowed', fields: everywhere }, /without Allow/],
    [
      'an answer without X-Request-Id',
      { status: 404, code: 'route-not-found', fields: [] as string[] },
      /without X-Request-Id, Cache-Control, Vary/,
    ],
  ])('%s', (_, { fields, ...answer }, breach) => {
    const has = (field: string) => fields.includes(field);
    expect(String(breachOf(declaration, { ...answer, has }))).toMatch(breach);
  });
});
