import { AS_JSON_PATCH, AS_MERGE_PATCH } from '../../conformance/row.js';
import type { CallOptions } from '../caller.js';

/** A request that is made to cost much, with a name. */
export type CostlyRequest = [name: string, method: string, target: string, options: CallOptions];

export const LIMIT_BYTES = 1_048_576;

/** A text of as many parts as a body may hold. */
export function full(head: string, part: (n: number) => string, tail: string, separator = ','): string {
  const parts: string[] = [];
  let length = head.length + tail.length;
  for (let n = 0; ; n += 1) {
    const next = part(n);
    length += next.length + separator.length;
    if (length > LIMIT_BYTES) return head + parts.join(separator) + tail;
    parts.push(next);
  }
}

export const name = (n: number) => n.toString(36);
export const repeated = (text: string, bytes: number) => text.repeat(Math.floor(bytes / text.length));
const operation = (member: object) => (n: number) => JSON.stringify({ ...member, n });

const PATCHES: [name: string, headers: Record<string, string>, text: string][] = [
  ['merge patch of members', AS_MERGE_PATCH, full('{"attributes":{', (n) => `"${name(n)}":1`, '}}')],
  [
    'merge patch of members up to the limit',
    AS_MERGE_PATCH,
    `{"attributes":{${Array.from({ length: 9_990 }, (_, n) => `"${name(n)}":1`).join(',')}}}`,
  ],
  [
    'merge patch that removes, up to the limit',
    AS_MERGE_PATCH,
    `{"attributes":{${Array.from({ length: 9_990 }, (_, n) => `"${name(n)}":null`).join(',')}}}`,
  ],
  [
    'merge patch of objects up to the limit',
    AS_MERGE_PATCH,
    `{${Array.from({ length: 4_990 }, (_, n) => `"${name(n)}":{"a":1}`).join(',')}}`,
  ],
  [
    'long pointers',
    AS_JSON_PATCH,
    `[${Array(1_000)
      .fill(JSON.stringify({ op: 'add', path: repeated('/a', 1_000), value: 1 }))
      .join(',')}]`,
  ],
  [
    'long pointers with escapes',
    AS_JSON_PATCH,
    `[${Array(1_000)
      .fill(JSON.stringify({ op: 'add', path: repeated('/~0', 1_000), value: 1 }))
      .join(',')}]`,
  ],
  [
    'broken pointers',
    AS_JSON_PATCH,
    `[${Array(1_000)
      .fill(JSON.stringify({ op: 'add', path: `${repeated('/~0', 1_000)}~` }))
      .join(',')}]`,
  ],
  [
    'additions before all others',
    AS_JSON_PATCH,
    `[${Array.from({ length: 1_000 }, (_, n) => operation({ op: 'add', path: '/attributes/list/0', value: 1 })(n)).join(',')}]`,
  ],
  [
    'copies',
    AS_JSON_PATCH,
    `[${Array.from({ length: 1_000 }, (_, n) => JSON.stringify({ op: 'copy', from: '/attributes/list', path: `/attributes/c${n}` })).join(',')}]`,
  ],
  [
    'moves',
    AS_JSON_PATCH,
    `[${Array(500).fill('{"op":"move","from":"/attributes/list","path":"/x"},{"op":"move","from":"/x","path":"/attributes/list"}').join(',')}]`,
  ],
  ['operations that are not objects', AS_JSON_PATCH, full('[', () => '1', ']')],
];

const FIELDS: [name: string, headers: Record<string, string>][] = [
  ['Accept of commas', { accept: `${repeated(',', 15_000)}x` }],
  ['Accept of ranges', { accept: `${repeated('a/b;c=d,', 15_000)}*/*` }],
  ['Accept of parameters', { accept: `a/b${repeated(';a=b', 15_000)}@` }],
  ['Accept of quotes', { accept: `a/b;c="${repeated('\\"', 15_000)}` }],
  ['Accept of spaces', { accept: `a/b${repeated(' ;', 15_000)}@` }],
  ['If-None-Match of tags', { 'if-none-match': repeated('"a",', 15_000) }],
  ['If-None-Match of commas', { 'if-none-match': `"a"${repeated(' ,', 15_000)}` }],
  ['If-Modified-Since of digits', { 'if-modified-since': repeated('1', 15_000) }],
];

/** Requests that are made to cost much, and are judged by what is stored. Item `costly` has a list of numbers in `attributes.list`. */
export const COSTLY_REQUESTS: CostlyRequest[] = [
  ...PATCHES.map(([what, headers, body]): CostlyRequest => [what, 'PATCH', '/items/costly', { headers, body }]),
  ...FIELDS.map(([what, headers]): CostlyRequest => [what, 'GET', '/items?limit=200', { headers }]),
];
