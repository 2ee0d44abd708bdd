import type { Engine } from '../../src/config/config.js';

/**
 * One promise about HTTP. It is played as a sequence of exchanges, or proven by a test whose title holds its number in
 * brackets, e.g. `[E5]`, in the files that it names.
 */
export type Row = {
  /** A letter and a number, the project's own; it stands in test titles. */
  number: string;
  /** What is asked, in words. */
  request: string;
  /** What is answered, in words. */
  answer: string;
  /** Where it comes from; sections without a document are RFC 9110's. `own` is a decision of this service. */
  section: string;
  /** Where it can happen; on either, unless named. */
  engine?: Engine;
} & ({ exchanges: Exchange[] } | { provenBy: string });

/**
 * One request and what must come back. In every text `{E}` stands for the id of an existing item of version 1, whose
 * content is {@link EXISTING}, and `{X}` for an id that was never used. `{v1}` stands for the entity-tag of `{E}`, without
 * quotes, and `{v2}` for that of the version 2 that an answer showed last.
 */
export interface Exchange {
  /** Method and target, e.g. `GET /items/{E}`. */
  send: string;
  headers?: Record<string, string | string[]>;
  /** Content as JSON. */
  json?: unknown;
  /** Content as it is, with the Content-Type given in `headers`. */
  body?: string | Buffer;
  status: number;
  /** Code of the problem. */
  code?: string;
  /** Header fields: equal, matching, or absent (null). Names in lower case. */
  fields?: Record<string, string | RegExp | null>;
  /** Members that the JSON content must have, at any depth; '' for no content. */
  content?: unknown;
  /** Texts that the content must have in it. */
  holds?: string[];
  /** Texts that the content must not have in it. */
  lacks?: string[];
}

/** What PUT made the item `{E}` of. */
export const EXISTING = { name: 'Existing', attributes: { thread: 'M8' } };

/** For a `body` that is JSON text, or claims to be. */
export const AS_JSON = { 'content-type': 'application/json' };

/** For a `body` that is a JSON Merge Patch. */
export const AS_MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };

/** For a `body` that is a JSON Patch. */
export const AS_JSON_PATCH = { 'content-type': 'application/json-patch+json' };
