import type { HeaderObject, SchemaObject } from '@nestjs/swagger';
import type { Operation } from './operation.js';

/** The settings that the OpenAPI document shows. */
export interface PublishedSettings {
  idempotencyTtlHours: number;
  rehearsal: boolean;
  auth: 'required' | 'off';
}

/** A header field that operations read, as the OpenAPI document describes it. The subject that reads it declares it. */
export interface RequestField {
  name: string;
  /** Its name among the components of the document, if a field has several forms. */
  key?: string;
  /** What it does, without a full stop. */
  description: string | ((settings: PublishedSettings) => string);
  /** A value that shows the form. */
  example: string;
  /** A value that makes no request fail. It is the example of the document, since tools send that. */
  harmless: string;
  pattern?: string;
  maxLength?: number;
  values?: string[];
  /** Whether a value of another form is ignored; else it is refused. */
  isIgnoredOtherwise?: true;
  /** Whether each request needs its own value, so that examples differ. */
  isUnique?: true;
  /** A field that a success may carry if this one was sent. */
  answeredBy?: string;
  isFor: (operation: Operation) => boolean;
}

/** Header fields of answers, by name, as the OpenAPI document describes them. */
export type ResponseFields = Record<string, HeaderObject>;

/** Describes a header field of answers. */
export function responseField(description: string, example: string, bounds: SchemaObject): HeaderObject {
  return { description, required: true, schema: { type: 'string', ...bounds }, example };
}
