import type { HeaderObject, SchemaObject } from '@nestjs/swagger';
import type { Operation } from './operation.js';

/** Settings of the running service that its OpenAPI document tells. */
export interface PublishedSettings {
  idempotencyTtlHours: number;
  rehearsal: boolean;
}

/** A header field that operations honour, as the OpenAPI document describes it. The subject that reads it declares it. */
export interface RequestField {
  name: string;
  /** Its name among the components of the document, where a field has several forms. */
  key?: string;
  /** What it does, without a full stop. */
  description: string | ((settings: PublishedSettings) => string);
  /** A value to learn from. */
  example: string;
  /** A value with which a request that succeeds still does: tools send what stands as example. */
  harmless: string;
  pattern?: string;
  maxLength?: number;
  values?: string[];
  /** Whether a value of another form is ignored. Without it such a value is refused. */
  isIgnoredOtherwise?: true;
  /** Whether each request must have a value of its own, so that examples differ. */
  isUnique?: true;
  /** A field that a success carries at times where this one was sent. */
  answeredBy?: string;
  isFor: (operation: Operation) => boolean;
}

/** Header fields of answers, by name, as the OpenAPI document describes them. */
export type ResponseFields = Record<string, HeaderObject>;

/** Describes a header field of answers. */
export function responseField(description: string, example: string, bounds: SchemaObject): HeaderObject {
  return { description, required: true, schema: { type: 'string', ...bounds }, example };
}
