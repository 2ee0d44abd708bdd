import type { HttpException } from '@nestjs/common';
import type { Faults } from './faults.js';

/** What all occurrences of one problem have in common (RFC 9457 §3.1: type, title, status). */
interface ProblemType {
  /** Kebab-case name, unique in the service; the type URI is `/problems/{code}`. */
  code: string;
  /** One phrase, the same for every occurrence (RFC 9457 §3.1.3). */
  title: string;
  /** Whether the same request may succeed later. */
  retryable: boolean;
  /** What happened, in sentences for people. */
  meaning: string;
  /** What a client should do. */
  remedy: string;
  /** Whether and when it helps to send the same request again. */
  retry: string;
  /** Extension members of its occurrences, as JSON Schema (RFC 9457 §3.2). */
  members?: Record<string, ProblemMember>;
}

/** An extension member. `isOptional`: not every occurrence has it. */
export interface ProblemMember {
  type: 'string' | 'integer' | 'array';
  description: string;
  format?: 'date-time';
  pattern?: string;
  maxLength?: number;
  items?: { type: 'string'; maxLength: number };
  isOptional?: true;
}

/** One fault of the input: in a member of the body (JSON Pointer, RFC 6901), a parameter or a header field. */
export type InputFault = ({ pointer: string } | { parameter: string } | { header: string }) & {
  /** Stable name of the broken rule. */
  rule: string;
  detail: string;
  /** Where the value begins in the text of the body, in UTF-16 units from 0; in a parameter, in code points from 0. */
  position?: number;
};

/** The JSON Pointer of a member of the body (RFC 6901 §3: ~ and / are escaped). */
export function pointerTo(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** What one occurrence adds to its type. */
interface ProblemDetails {
  /** Names the thing, the value and the way out. No SQL, stack or file path. */
  detail: string;
  /** Replaces that of the type, if it depends on the request. */
  retryable?: boolean;
  /** The first hundred are listed, the rest is counted. */
  errors?: InputFault[] | Faults;
  /** Values of the extension members (RFC 9457 §3.2: names of three or more letters, digits or underscores). */
  members?: Record<string, string | number | string[]>;
  /** Extension members that are paths of this service; they become absolute under PUBLIC_URL. */
  links?: Record<string, string>;
  /** Header fields that this answer must carry. */
  fields?: Record<string, string>;
}

/** The response of an HttpException that {@link problem} made. The filter writes it out. */
export class Problem {
  constructor(
    readonly type: ProblemType,
    readonly details: ProblemDetails,
  ) {}
}

/** Makes the exception of one problem type, e.g. `itemNotFound(id)`; declarations list it under its status. */
export interface ProblemConstructor<Parameters extends unknown[] = never[]> {
  (...parameters: Parameters): HttpException;
  readonly type: ProblemType & { status: number };
  /** Header fields that every occurrence carries, e.g. Allow with 405. */
  readonly requiredFields: string[];
  /** Makes an example, for the documentation and for rehearsals. */
  readonly example: () => HttpException;
}

const NO_RETRY = 'No: the same request is refused again.';

/** A declared problem type. `retry` can be left out if the same request is always refused again. */
type Declared = Omit<ProblemType, 'retryable' | 'retry'> &
  ({ retryable: true; retry: string } | { retryable: false; retry?: string });

/**
 * Declares a problem type on top of one of Nest's HttpExceptions, which brings the status.
 * `describe` turns the parameters of one occurrence into its details; `example` holds parameters for the documentation.
 */
export function problem<Parameters extends unknown[]>(
  Exception: new (response: object) => HttpException,
  declared: Declared,
  describe: (...parameters: Parameters) => ProblemDetails,
  example: Parameters,
): ProblemConstructor<Parameters> {
  const type = { retry: NO_RETRY, ...declared };
  const construct = (...parameters: Parameters) => {
    const response = new Problem(type, describe(...parameters));
    return withoutStack(() => new Exception(response));
  };
  const status = new Exception({}).getStatus();
  return Object.assign(construct, {
    type: { ...type, status },
    requiredFields: Object.keys(describe(...example).fields ?? {}).map(fieldName),
    example: () => construct(...example),
  });
}

// The stack of a problem is never logged, and collecting it is an eighth of the work on a refused request.
function withoutStack<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** `retry-after` -> `Retry-After`, `www-authenticate` -> `WWW-Authenticate`, as the RFCs write it. */
export function fieldName(name: string): string {
  return name.replace(/\b(?:www|[a-z])/g, (letters) => letters.toUpperCase());
}
