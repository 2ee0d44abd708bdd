import type { ParameterObject } from '@nestjs/swagger';
import type { Contract } from '../contract.js';
import type { PublishedSettings, RequestField } from '../fields.js';
import type { Operation } from '../operation.js';

/** The fields that an operation reads. */
export function fieldsOf(operation: Operation, { requestFields }: Contract): RequestField[] {
  return requestFields.filter(({ isFor }) => isFor(operation));
}

/** Each field that operations read, described once. Operations refer to it. */
export function fieldComponents(
  { operations, requestFields }: Contract,
  settings: PublishedSettings,
): Record<string, ParameterObject> {
  const used = requestFields.filter(({ isUnique, isFor }) => !isUnique && operations.some(isFor));
  return Object.fromEntries(used.map((field) => [keyOf(field), parameter(field, settings)]));
}

/** The parameters of an operation that are header fields, mostly by reference. */
export function parametersOfFields(
  operation: Operation,
  fields: RequestField[],
  settings: PublishedSettings,
): (ParameterObject | { $ref: string })[] {
  return fields.map((field) =>
    // Tools send examples unchanged.
    field.isUnique
      ? parameter({ ...field, harmless: `${operation.id}-1` }, settings)
      : { $ref: `#/components/parameters/${keyOf(field)}` },
  );
}

function keyOf({ key, name }: RequestField): string {
  return key ?? name;
}

function parameter(field: RequestField, settings: PublishedSettings): ParameterObject {
  const { name, description, example, harmless, pattern, maxLength, values } = field;
  const text = typeof description === 'string' ? description : description(settings);
  return {
    name,
    in: 'header',
    required: false,
    description: `${text}. Example: \`${example}\``,
    schema: {
      type: 'string',
      ...(pattern && { pattern }),
      ...(maxLength && { maxLength }),
      ...(values && { enum: values }),
    },
    example: harmless,
  };
}
