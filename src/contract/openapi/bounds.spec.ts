import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';

interface Schema {
  type?: unknown;
  enum?: unknown[];
  pattern?: string;
  format?: string;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

const document = JSON.parse(await readFile('openapi.json', 'utf8')) as { components: { schemas: object } };

/** Where a string or integer has no bounds, in the schemas of a part of the document. */
function unbounded(part: unknown, pointer = ''): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const inside = Object.entries(part)
    .filter(([name]) => name !== 'example' && name !== 'examples')
    .flatMap(([name, value]) => unbounded(value, `${pointer}/${name}`));
  return isUnbounded(part) ? [pointer, ...inside] : inside;
}

function isUnbounded({ type, enum: values, pattern, format, maxLength, minimum, maximum }: Schema): boolean {
  if (values) return false;
  const types = [type].flat();
  const isEndless = types.includes('string') && !pattern && format !== 'date-time' && maxLength === undefined;
  return isEndless || (types.includes('integer') && (minimum === undefined || maximum === undefined));
}

describe('openapi.json', () => {
  it('says of every string and number what bounds it has', () => {
    // Any version is read, since it is held against the current one: another is no fault of form.
    expect(unbounded(document)).toEqual(['/components/schemas/ReplaceItem/properties/version']);
  });

  it('has no schema whose file would be that of a generator’s barrel', () => {
    const names = Object.keys(document.components.schemas).map((name) => name.toLowerCase());
    expect(names).not.toContain('index');
  });
});
