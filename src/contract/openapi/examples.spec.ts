import { describe, expect, it } from '@jest/globals';
import { bodyExamples, exampleOf } from './examples.js';

const string = (example?: unknown) => ({ type: 'string', ...(example !== undefined && { example }) });

describe('exampleOf', () => {
  const components = {
    Item: { type: 'object', required: ['id'], properties: { id: string('a'), note: string() } },
  };
  const item = { $ref: '#/components/schemas/Item' };

  it('puts the examples of the members together, through references and lists, without optional members that have none', () => {
    const page = { type: 'object', required: ['items'], properties: { items: { type: 'array', items: item } } };
    expect(exampleOf(page, components)).toEqual({ items: [{ id: 'a' }] });
  });

  it('takes null for an example', () => {
    expect(exampleOf({ type: 'object', properties: { next: { example: null } } }, {})).toEqual({ next: null });
  });

  it('throws where a required member has none', () => {
    expect(() => exampleOf({ type: 'object', required: ['name'], properties: { name: string() } }, {})).toThrow(
      'name has no example',
    );
  });
});

describe('bodyExamples', () => {
  it('has what a declaration changes in that of the DTO', () => {
    const success = { description: '', example: { content: { version: 1 } } };
    expect(bodyExamples(success, { id: 'a', version: 3 })).toEqual({ 'application/json': { id: 'a', version: 1 } });
    expect(bodyExamples({ description: '' }, { id: 'a' })).toEqual({});
  });

  it('has text, and no images', () => {
    const examples = bodyExamples({ description: '', mediaTypes: ['text/css', 'image/png'] });
    expect(examples).toEqual({ 'text/css': expect.any(String) });
  });
});
