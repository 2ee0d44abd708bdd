import type { HeaderObject, ReferenceObject } from '@nestjs/swagger';
import type { ResponseFields } from '../fields.js';

const OPTIONAL = 'Optional-';

/** A reference to a field that an answer carries always, or at times. */
export function fieldReference(name: string, isRequired = true): ReferenceObject {
  return { $ref: `#/components/headers/${isRequired ? '' : OPTIONAL}${name}` };
}

/** The fields that a part of the document refers to. */
export function fieldsReferredTo(part: object, fields: ResponseFields): ResponseFields {
  const names = new Set(
    [...JSON.stringify(part).matchAll(/#\/components\/headers\/([\w-]+)"/g)].map(([, name = '']) => name),
  );
  const entries = [...names].sort().map((name) => {
    const isRequired = !name.startsWith(OPTIONAL);
    return [name, { ...fields[isRequired ? name : name.slice(OPTIONAL.length)], required: isRequired }];
  });
  return Object.fromEntries(entries) as Record<string, HeaderObject>;
}
