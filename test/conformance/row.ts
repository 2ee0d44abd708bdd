import type { Engine } from '../../src/config/config.js';

/**
 * One promise about HTTP. It is proven by playing its exchanges, or by tests in the named files that have its number in
 * brackets in their titles, e.g. `[E5]`.
 */
export type Row = {
  /** A letter and a number, the project's own. Test titles contain it. */
  number: string;
  /** The request, in words. */
  request: string;
  /** The answer, in words. */
  answer: string;
  /** Its source. Sections without a document are of RFC 9110; `own` is a decision of this service. */
  section: string;
  /** The only engine where it can happen; undefined for both. */
  engine?: Engine;
} & ({ exchanges: Exchange[] } | { provenBy: string });

/**
 * One request and the expected answer. In every text `{E}` stands for the id of an existing item of version 1, made from
 * {@link EXISTING}, and `{X}` for an id that was never used. `{v1}` stands for the entity-tag of `{E}`, without quotes, and
 * `{v2}` for that of the last version 2 that an answer showed.
 */
export interface Exchange {
  /** Method and target, e.g. `GET /items/{E}`. */
  send: string;
  /** Sent once for all rows that have it. They judge the same answer, and `{E}` and `{X}` are ids of its own. */
  isShared?: true;
  headers?: Record<string, string | string[]>;
  /** Body to send as JSON. */
  json?: unknown;
  /** Body to send unchanged, with the Content-Type in `headers`. */
  body?: string | Buffer;
  status: number;
  /** Code of the problem. */
  code?: string;
  /** Header fields: equal, matching, or absent (null). Names in lower case. */
  fields?: Record<string, string | RegExp | null>;
  /** Members that the JSON body of the answer must have, at any depth; '' for no body. */
  content?: unknown;
  /** Texts that the body of the answer must contain. */
  holds?: string[];
  /** Texts that the body of the answer must not contain. */
  lacks?: string[];
}

/** What the item `{E}` was made with. */
export const EXISTING = { name: 'Existing', attributes: { thread: 'M8' } };

/** For a `body` that is declared as JSON. */
export const AS_JSON = { 'content-type': 'application/json' };

/** For a `body` that is a JSON Merge Patch. */
export const AS_MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };

/** For a `body` that is a JSON Patch. */
export const AS_JSON_PATCH = { 'content-type': 'application/json-patch+json' };
