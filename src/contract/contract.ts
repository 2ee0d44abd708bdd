import type { OpenAPIObject } from '@nestjs/swagger';
import type { ProblemConstructor } from '../problems/problem.js';
import type { RequestField, ResponseFields } from './fields.js';
import type { Declaration, Operation } from './operation.js';
import type { Restriction } from './restriction.js';

/** Injection token of the {@link Contract}. */
export const CONTRACT = Symbol('Contract');

/** Everything that the service declares, put together from all subjects. */
export interface Contract {
  /** The version of the API, for the OpenAPI document. */
  version: string;
  /** In the order of the documentation. */
  operations: Operation[];
  /** The answers outside operations. */
  outside: Outside;
  /** Headings of operations in the documentation. */
  tags: { name: string; description: string }[];
  /** In the order of the documentation. Accept and Content-Type are described by `content`. */
  requestFields: RequestField[];
  /** Every header field that a declaration names. */
  responseFields: ResponseFields;
  /** The kinds of credentials, for operations that have a scope. */
  securitySchemes: SecuritySchemes;
  /** Restrictions that every operation has, so that no declaration names them. */
  restrictionsOfAll: Restriction[];
}

/** As the components of the OpenAPI document have them, by name. */
export type SecuritySchemes = NonNullable<NonNullable<OpenAPIObject['components']>['securitySchemes']>;

/** The answers outside operations. */
export interface Outside extends Declaration {
  /** Problems that any request may get before its operation is known, and that no operation declares. */
  beforeOperations: ProblemConstructor[];
  /** Problems that a request may get before its resource is known, and so without Vary. */
  beforeRoute: ProblemConstructor[];
}
