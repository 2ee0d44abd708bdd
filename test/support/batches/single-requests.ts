import type { Answer } from '../answer.js';
import type { Caller } from '../caller.js';
import type { TestOperation } from './random-operations.js';

/** The result of an operation as a batch gives it. */
export interface Result {
  status: number;
  headers: Record<string, string>;
  body?: { errors?: Fault[]; requestId?: string } & Record<string, unknown>;
}

/** The header fields of an answer that a result repeats. */
const FIELDS = [
  'ETag',
  'Location',
  'Content-Location',
  'Preference-Applied',
  'Idempotency-Replayed',
  'Retry-After',
  'Accept',
  'Accept-Patch',
];

/** The members of an operation that stand for header fields. */
const MEMBERS: Record<string, string> = {
  'If-Match': 'ifMatch',
  'If-None-Match': 'ifNoneMatch',
  'Idempotency-Key': 'idempotencyKey',
};

/** Sends the request that an operation stands for. */
export function sendAlone(api: Caller, operation: TestOperation, prefer?: string): Promise<Answer> {
  const { method, id = '', ifMatch, ifNoneMatch, idempotencyKey, contentType, body } = operation;
  const type = contentType ?? (body === undefined ? undefined : 'application/json');
  const fields = {
    'if-match': ifMatch,
    'if-none-match': ifNoneMatch,
    'idempotency-key': idempotencyKey,
    'content-type': type,
    prefer,
  };
  const headers = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const target = method === 'POST' ? '/items' : `/items/${encodeURIComponent(id)}`;
  return api.call(method, target, { body, headers: headers as Record<string, string> });
}

/** An answer as the result of an operation of a batch: its faults point into the text of the batch, where its body begins at `start`. */
export function asResult({ status, headers, text }: Answer, index: number, start = 0): Result {
  const found = FIELDS.flatMap((name) => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? [] : [[name, String(value)]];
  });
  const body = text === '' ? undefined : (JSON.parse(text) as Result['body']);
  if (body?.errors) body.errors = body.errors.map((fault) => placed(fault, index, start));
  return comparable({ status, headers: Object.fromEntries(found) as Record<string, string>, body });
}

interface Fault {
  pointer?: string;
  header?: string;
  parameter?: string;
  position?: number;
}

function placed({ pointer, header, parameter, position, ...fault }: Fault, index: number, start: number): Fault {
  const member = header === undefined ? parameter : MEMBERS[header];
  const place = pointer === undefined ? `/${member}` : `/body${pointer}`;
  return {
    ...fault,
    pointer: `/operations/${index}${place}`,
    ...(position !== undefined && { position: position + start }),
  };
}

/** A result without what differs by chance: the id of the request and the ids of commands in entity-tags. */
export function comparable({ status, headers, body }: Result): Result {
  const { ETag } = headers;
  return {
    status,
    headers: { ...headers, ...(ETag !== undefined && { ETag: ETag.replace(/-[0-9a-f]{8}/, '') }) },
    ...(body && {
      body: {
        ...body,
        ...(body.requestId !== undefined && { requestId: '' }),
        detail: String(body.detail).replaceAll(/-[0-9a-f]{8}"/g, '"'),
      },
    }),
  };
}
