import type { ProblemConstructor } from '../problems/problem.js';
import type { RequestField, ResponseFields } from './fields.js';
import type { Declaration, Operation } from './operation.js';
import type { Refusal } from './refusal.js';

/** Injection token of the {@link Api}. */
export const API = Symbol('Api');

/** Everything that the service declares: what each subject registers, put together once. */
export interface Api {
  /** Of the API, in its document. */
  version: string;
  /** In the order of the documentation. */
  operations: Operation[];
  /** What is answered where no operation is. */
  outside: Outside;
  /** Headings of operations in the documentation. */
  tags: { name: string; description: string }[];
  /** In the order of the documentation. Accept and Content-Type are described by `content`. */
  requestFields: RequestField[];
  /** Every header field that a declaration names. */
  responseFields: ResponseFields;
  /** Every refusal that schemas can't say. */
  refusals: Refusal[];
  /** Those of them that every operation has, so that none names them. */
  refusalsOfAll: Refusal[];
}

/** The answers that are given where no operation is. */
export interface Outside extends Declaration {
  /** What may be answered to a request for any operation before it is known, and no operation declares. */
  beforeOperations: ProblemConstructor[];
  /** What may be answered before the resource is known, and so without Vary. */
  beforeRoute: ProblemConstructor[];
}
