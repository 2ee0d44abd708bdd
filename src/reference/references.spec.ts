import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';

const SCRIPT = new URL('swagger-ui/references.js', import.meta.url);
const FROM = 'https://items.test/openapi.json';

// A script of a page: its functions are globals.
type ResolvedPart = (document: object, path: string[], url: string) => unknown;
const resolvedPart = runInThisContext(
  `(() => { ${readFileSync(SCRIPT, 'utf8')}; return resolvedPart; })()`,
) as ResolvedPart;

const NAME = { type: 'string', maxLength: 5 };

/** What the schema A resolves to, beside these others. */
function resolved(schema: object, others: object = {}) {
  return resolvedPart({ components: { schemas: { A: schema, ...others } } }, ['components', 'schemas', 'A'], FROM);
}

const from = (name: string) => ({ $$ref: `${FROM}#/components/schemas/${name}` });
const to = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe('a part of the document for Swagger UI', () => {
  it('has what its references lead to, directly or by others, and where that comes from', () => {
    const part = resolved({ items: to('B'), anyOf: [to('C')] }, { B: { not: to('C') }, C: NAME });
    const name = { ...NAME, ...from('C') };
    expect(part).toEqual({ items: { not: name, ...from('B') }, anyOf: [name] });
  });

  it('has what stands beside a reference, instead of the same in what the reference leads to', () => {
    const part = resolved({ items: { ...to('B'), maxLength: 3, title: 'Short' } }, { B: NAME });
    expect(part).toEqual({ items: { type: 'string', maxLength: 3, title: 'Short', ...from('B') } });
  });

  it('keeps the reference where a schema contains itself, directly or by others', () => {
    const part = resolved({ items: to('B') }, { B: { items: to('C'), not: to('B') }, C: { items: to('B') } });
    expect(part).toEqual({ items: { items: { items: to('B'), ...from('C') }, not: to('B'), ...from('B') } });
  });

  it('merges allOf: members together, lists without what they have, the later value', () => {
    const base = { type: 'object', required: ['a'], properties: { a: { type: 'string' }, b: NAME } };
    const part = resolved(
      { allOf: [to('B'), { required: ['a', 'b'], properties: { a: { const: 'x' } } }], title: 'Both' },
      { B: base },
    );
    expect(part).toEqual({
      type: 'object',
      required: ['a', 'b'],
      properties: { a: { type: 'string', const: 'x' }, b: NAME },
      title: 'Both',
    });
  });

  it('follows names that a JSON Pointer has to escape', () => {
    const part = resolved({ items: { $ref: '#/components/schemas/a~1b~0%20c' } }, { 'a/b~ c': NAME });
    expect(part).toEqual({ items: { ...NAME, $$ref: `${FROM}#/components/schemas/a~1b~0%20c` } });
  });

  it('keeps a reference that leads nowhere or to another document', () => {
    const part = { items: to('Missing'), not: { $ref: 'https://other.test/#/A' } };
    expect(resolved(part)).toEqual(part);
  });

  it.each(['const', 'default', 'example'])('keeps what looks like a keyword in the data of %s', (member) => {
    const data = { ...to('B'), allOf: [NAME], items: to('B') };
    expect(resolved({ [member]: data, items: to('B') }, { B: NAME })).toEqual({
      [member]: data,
      items: { ...NAME, ...from('B') },
    });
  });

  it.each(['enum', 'examples'])('keeps what looks like a reference in the list %s', (member) => {
    expect(resolved({ [member]: [to('B')] }, { B: NAME })).toEqual({ [member]: [to('B')] });
  });

  it('follows references in properties that have the names of such members, or of keywords', () => {
    const properties = { const: to('B'), default: to('B'), enum: to('B'), $ref: to('B'), allOf: to('B') };
    const name = { ...NAME, ...from('B') };
    expect(resolved({ properties }, { B: NAME })).toEqual({
      properties: { const: name, default: name, enum: name, $ref: name, allOf: name },
    });
  });

  it('follows references in the default answer, and keeps the values of examples', () => {
    const examples = { one: { value: to('B') }, two: { $ref: '#/components/examples/Two' } };
    const responses = { default: { content: { 'application/json': { schema: to('B'), examples } } } };
    const components = { schemas: { B: NAME }, examples: { Two: { value: to('B') } } };
    const part = resolvedPart({ paths: { '/a': { get: { responses } } }, components }, ['paths', '/a', 'get'], FROM);
    const two = { value: to('B'), $$ref: `${FROM}#/components/examples/Two` };
    expect(part).toEqual({
      responses: {
        default: {
          content: {
            'application/json': { schema: { ...NAME, ...from('B') }, examples: { one: { value: to('B') }, two } },
          },
        },
      },
    });
  });

  it('follows references in a schema whose name is that of such a member', () => {
    const document = { components: { schemas: { example: { items: to('B') }, B: NAME } } };
    const part = resolvedPart(document, ['components', 'schemas', 'example'], FROM);
    expect(part).toEqual({ items: { ...NAME, ...from('B') } });
  });

  it('merges properties with the names of such members, and replaces data', () => {
    const one = { properties: { default: { type: 'string' } }, default: { a: 1 } };
    const part = resolved({ allOf: [one, { properties: { default: { maxLength: 5 } }, default: { b: 2 } }] });
    expect(part).toEqual({ properties: { default: NAME }, default: { b: 2 } });
  });

  it('is null if the document has no such part', () => {
    expect(resolvedPart({}, ['components', 'securitySchemes'], FROM)).toBeNull();
  });
});
