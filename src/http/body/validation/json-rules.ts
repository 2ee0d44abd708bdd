import { ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * Text of `min` to `max` Unicode code points, as JSON Schema counts them (2020-12 validation §6.3.1); class-validator's
 * MaxLength counts some characters differently. Rule code: length.
 */
export function Length(min: number, max: number, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'length',
      validator: {
        validate: (value) => typeof value === 'string' && isWithin(value, min, max),
        defaultMessage: (about) => `${about?.property} must be ${min} to ${max} characters long.`,
      },
    },
    options,
  );
}

/** Whether text has `min` to `max` Unicode code points. */
export function isWithin(text: string, min: number, max: number): boolean {
  // A code point takes one or two UTF-16 units: only text between the two limits has to be counted.
  if (text.length > 2 * max || text.length < min) return false;
  const length = text.length <= max && min <= 1 ? text.length : [...text].length;
  return length >= min && length <= max;
}

/** JSON nested at most `max` deep, the value itself being 1. Rule code: depth. */
export function MaxDepth(max: number): PropertyDecorator {
  return ValidateBy({
    name: 'depth',
    validator: {
      validate: (value) => isAtMostDeep(value, max),
      defaultMessage: (about) => `${about?.property} must be nested at most ${max} deep, itself being 1.`,
    },
  });
}

/** Whether JSON is nested at most this deep, the value itself being 1. */
export function isAtMostDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isAtMostDeep(member, levels - 1));
}

/** JSON of at most `maxBytes` as UTF-8 of JSON.stringify. Must run after MaxDepth. Rule code: size. */
export function MaxJsonBytes(maxBytes: number): PropertyDecorator {
  return ValidateBy({
    name: 'size',
    validator: {
      validate: (value) => Buffer.byteLength(JSON.stringify(value)) <= maxBytes,
      defaultMessage: (about) => `${about?.property} must be at most ${maxBytes} bytes as compact JSON in UTF-8.`,
    },
  });
}
