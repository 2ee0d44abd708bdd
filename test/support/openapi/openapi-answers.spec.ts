import { describe, expect, it } from '@jest/globals';
import type { Exchange } from '../http-lint/http-lint.js';
import { faultsAgainstDocument } from './openapi-answers.js';
import { DOCUMENTED_OPERATIONS, resolved, type Schema } from './openapi-document.js';

const ITEM = {
  id: 'bolt-m8',
  name: 'Bolt M8',
  tags: [],
  attributes: {},
  version: 1,
  createdAt: '2026-11-22T10:00:00.123Z',
  updatedAt: '2026-11-22T10:00:00.123Z',
};
const FIELDS = {
  'x-request-id': 'a1b2c3',
  'cache-control': 'private, no-cache, no-transform',
  vary: 'Accept',
  etag: '"1"',
  'last-modified': 'Sun, 22 Nov 2026 10:00:00 GMT',
  'content-type': 'application/json; charset=utf-8',
};

const sound = (changes: Partial<Exchange> = {}): Exchange => ({
  method: 'GET',
  target: '/items/bolt-m8',
  status: 200,
  headers: FIELDS,
  content: Buffer.from(JSON.stringify(ITEM)),
  ...changes,
});
const withItem = (changes: object) => sound({ content: Buffer.from(JSON.stringify({ ...ITEM, ...changes })) });
const withFields = (changes: object) => sound({ headers: { ...FIELDS, ...changes } });

describe('an answer against openapi.json', () => {
  it('a sound one has no faults', () => {
    expect(faultsAgainstDocument(sound())).toEqual([]);
    expect(faultsAgainstDocument(sound({ method: 'HEAD', content: Buffer.alloc(0) }))).toEqual([]);
  });

  const BROKEN: [what: string, exchange: Exchange, fault: RegExp][] = [
    ['a status that is not declared', sound({ status: 202 }), /getItem does not declare 202/],
    ['a media type that is not declared', withFields({ 'content-type': 'text/plain' }), /text\/plain is not declared/],
    ['a body where none is declared', sound({ status: 304 }), /application\/json is not declared/],
    ['a missing body', sound({ content: Buffer.alloc(0) }), /the declared body is missing/],
    ['a header field that is missing', withFields({ etag: undefined }), /ETag is missing/],
    ['a header field that is not declared', withFields({ server: 'x' }), /server is not declared/],
    ['a member that is missing', withItem({ name: undefined }), /required property 'name'/],
    ['a member of another type', withItem({ version: '1' }), /\/version must be integer/],
    ['a member that is not declared', withItem({ deletedAt: null }), /must NOT have unevaluated properties/],
    ['a time of another form', withItem({ createdAt: 'today' }), /\/createdAt must match format "date-time"/],
  ];
  it.each(BROKEN)('%s is a fault', (_, exchange, fault) => {
    expect(faultsAgainstDocument(exchange).join()).toMatch(fault);
  });

  it('a part of an item is sound if fields were named, and else not', () => {
    const content = Buffer.from(JSON.stringify({ id: 'bolt-m8' }));
    expect(faultsAgainstDocument(sound({ content, target: '/items/bolt-m8?fields=id' }))).toEqual([]);
    expect(faultsAgainstDocument(sound({ content, target: '/items/bolt-m8?field=id' })).join()).toMatch(
      /required property 'name'/,
    );
    const stray = Buffer.from(JSON.stringify({ colour: 'red' }));
    expect(faultsAgainstDocument(sound({ content: stray, target: '/items/a?fields=id' })).join()).toMatch(
      /unevaluated/,
    );
  });

  it('a member that the problem type does not declare is a fault', () => {
    const problem = { type: '/problems/item-not-found', title: 'x', status: 404, detail: 'x', code: 'item-not-found' };
    const members = { ...problem, requestId: 'a1b2c3', retryable: false, itemId: 'x' };
    const { etag: _, 'last-modified': __, ...fields } = FIELDS;
    const headers = { ...fields, 'content-type': 'application/problem+json' };
    const faults = (more: object) => {
      const content = Buffer.from(JSON.stringify({ ...members, ...more }));
      return faultsAgainstDocument(sound({ status: 404, headers, content }));
    };
    expect(faults({})).toEqual([]);
    expect(faults({ itemUrl: '/items/x' }).join()).toMatch(/unevaluated/);
    expect(faults({ code: 'item-exists' }).join()).toMatch(/\/code/);
    expect(faults({ itemId: undefined }).join()).toMatch(/itemId/);
  });

  it('each type of a problem names its code, so that a problem fits one at most', () => {
    const schemas = DOCUMENTED_OPERATIONS.flatMap(({ responses }) =>
      Object.values(responses).flatMap(({ content = {} }) => Object.values(content).map(({ schema }) => schema)),
    );
    const discriminated = schemas.filter(({ discriminator }) => discriminator);
    expect(discriminated).not.toEqual([]);
    for (const { oneOf, discriminator } of discriminated) {
      const { propertyName, mapping } = discriminator!;
      expect(Object.values(mapping)).toEqual(oneOf!.map(({ $ref }) => $ref));
      for (const [name, $ref] of Object.entries(mapping)) {
        const values = resolved<Schema>({ $ref }).allOf?.flatMap((part) => part.properties?.[propertyName]?.enum ?? []);
        expect(values).toEqual([name]);
      }
    }
  });

  it('answers outside operations are not judged', () => {
    expect(faultsAgainstDocument(sound({ method: 'OPTIONS', status: 204 }))).toEqual([]);
    expect(faultsAgainstDocument(sound({ target: '/nowhere', status: 404 }))).toEqual([]);
  });
});
