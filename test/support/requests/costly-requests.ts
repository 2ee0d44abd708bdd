import { gzipSync } from 'node:zlib';
import { FORM } from '../../../src/http/body/form.js';
import { AS_JSON, AS_JSON_PATCH, AS_MERGE_PATCH } from '../../conformance/row.js';
import type { CallOptions } from '../caller.js';

/** A request that is made to cost much, with a name. */
type CostlyRequest = [name: string, method: string, target: string, options: CallOptions];

const LIMIT_BYTES = 1_048_576;

/** A text of as many parts as a body may hold. */
function full(head: string, part: (n: number) => string, tail: string, separator = ','): string {
  const parts: string[] = [];
  let length = head.length + tail.length;
  for (let n = 0; ; n += 1) {
    const next = part(n);
    length += next.length + separator.length;
    if (length > LIMIT_BYTES) return head + parts.join(separator) + tail;
    parts.push(next);
  }
}

const name = (n: number) => n.toString(36);
const item = (attributes: string) => `{"id":"a","name":"b","attributes":${attributes}}`;
const nested = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
const repeated = (text: string, bytes: number) => text.repeat(Math.floor(bytes / text.length));
const operation = (member: object) => (n: number) => JSON.stringify({ ...member, n });

/** Bodies of up to 1 MiB that make a parser, a check or a patch work hard. */
const BODIES: [name: string, text: string | Buffer][] = [
  ['unknown members', full('{', (n) => `"${name(n)}":1`, '}')],
  ['unknown members with escapes', full('{', (n) => `"\\u0061${name(n)}":1`, '}')],
  [
    'unknown members up to the limit of values',
    `{${Array.from({ length: 9_990 }, (_, n) => `"${name(n)}":1`).join(',')}}`,
  ],
  ['one member over and over', full('{', () => '"id":1', '}')],
  ['objects that all have other names', full(item('['), (n) => `{"${name(n)}":1}`, ']}')],
  ['members of attributes', full('{"id":"a","attributes":{', (n) => `"${name(n)}":1`, '}}')],
  [
    'members of attributes up to the limit',
    item(`{${Array.from({ length: 9_990 }, (_, n) => `"${name(n)}":1`).join(',')}}`),
  ],
  ['numbers with exponents', full('{"id":"a","attributes":{"a":[', () => '1e222', ']}}')],
  ['numbers with exponents up to the limit', item(`{"a":[${Array(19_980).fill('1e222').join(',')}]}`)],
  ['numbers that no double holds, up to the limit', item(`{"a":[${Array(19_980).fill('1e999').join(',')}]}`)],
  [
    'long numbers',
    item(
      `{"a":[${Array(2_000)
        .fill(`1${'0'.repeat(500)}1`)
        .join(',')}]}`,
    ),
  ],
  ['one number', item(`{"a":${'1'.repeat(1_000_000)}}`)],
  ['one number with a fraction of zeros', item(`{"a":0.${'0'.repeat(1_000_000)}1}`)],
  [
    'names with U+0000, up to the limit',
    item(`{${Array.from({ length: 9_990 }, (_, n) => `"\\u0000${name(n)}":1`).join(',')}}`),
  ],
  ['names with U+0000', full('{"id":"a","attributes":{', (n) => `"\\u0000${name(n)}":1`, '}}')],
  ['escapes', item(`"${repeated('\\ud800', 1_000_000)}"`)],
  ['arrays in arrays', nested('[', ']', 500_000)],
  [
    'nested objects that all have other names',
    `${Array.from({ length: 90_000 }, (_, n) => `{"${name(n)}":`).join('')}1${'}'.repeat(90_000)}`,
  ],
  ['arrays up to the limit in arrays', item(nested('[', ']', 19_900))],
  ['objects up to the limit in objects, with faults', item(nested('{"\\u0000":', '}', 9_900))],
  [
    'faults below long names',
    nested(`{"${'n'.repeat(9_000)}":`, '}', 100).replace('1', `[${'"\\u0000",'.repeat(9_000)}1]`),
  ],
  ['a long name with faults below', `{"${'n'.repeat(900_000)}":[${'"\\u0000",'.repeat(9_000)}1]}`],
  ['a long name of characters that pointers escape', `{"${repeated('~', 1_000_000)}":1}`],
  ['a long text', `{"id":"a","name":"${repeated('😀', 500_000)}"}`],
  ['a long id', `{"id":"${repeated('a', 1_000_000)}"}`],
  ['a broken end', full('{', (n) => `"${name(n)}":1`, ',')],
  ['lines', `{"a":${repeated('\n', 1_000_000)}x`],
  ['white space', `${repeated(' ', 1_000_000)}{}`],
  [
    'no UTF-8 after characters that look so',
    Buffer.concat([Buffer.from(`"${repeated('\uFFFD', 340_000)}`), Buffer.of(0xff)]),
  ],
  ['no UTF-8', Buffer.alloc(1_000_000, 0xff)],
];

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

/** Forms of up to 1 MiB, as the body of a QUERY. */
const FORMS: [name: string, text: string][] = [
  ['parameters', full('', name, '', '&')],
  ['one parameter over and over', full('', () => 'limit=1', '', '&')],
  ['a filter of parentheses', `filter=${repeated('(', 1_000_000)}`],
  ['a filter of percent-encodings', `filter=${repeated('%28', 1_000_000)}`],
  ['percent-encodings with one that is broken', `filter=${repeated('%C3%A9', 1_000_000)}%FF`],
  ['ids', `ids=${repeated('a,', 1_000_000)}a`],
  ['fields', `fields=${repeated('attributes.a,', 1_000_000)}id`],
  ['fields of many names', `fields=attributes${repeated('.a', 1_000_000)}`],
  ['words', `q=${repeated('a ', 1_000_000)}`],
  ['a cursor', `cursor=${repeated('A', 1_000_000)}`],
  ['a sort', `sort=${repeated('-', 1_000_000)}`],
  ['a name', `${repeated('a%20', 1_000_000)}=1`],
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

/** The same that are refused for what they are, before a database has a part in it. */
export const COSTLY_TO_REFUSE: CostlyRequest[] = [
  ...BODIES.map(([what, body]): CostlyRequest => [what, 'POST', '/items', { headers: AS_JSON, body }]),
  ...FORMS.map(([what, body]): CostlyRequest => [
    `a form of ${what}`,
    'QUERY',
    '/items',
    { headers: { 'content-type': FORM }, body },
  ]),
  [
    'gzip of members',
    'POST',
    '/items',
    { headers: { ...AS_JSON, 'content-encoding': 'gzip' }, body: gzipSync(BODIES[0]![1]) },
  ],
  [
    'gzip of much more than is read',
    'POST',
    '/items',
    { headers: { ...AS_JSON, 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(100 * LIMIT_BYTES)) },
  ],
  ['a query of parameters', 'GET', `/items?${Array.from({ length: 2_000 }, (_, n) => name(n)).join('&')}`, {}],
  ['a cursor', 'GET', `/items?cursor=${repeated('A', 8_000)}`, {}],
  ['a path of segments', 'GET', repeated('/a', 8_000), {}],
  ['Prefer of quotes', 'PUT', '/items/costly', { headers: { ...AS_JSON, prefer: repeated('"\\', 990) }, body: '{}' }],
  [
    'Idempotency-Key of parameters',
    'PUT',
    '/items/costly',
    { headers: { ...AS_JSON, 'idempotency-key': `"a"${repeated(';a=1', 15_000)}` }, body: '{}' },
  ],
  [
    'Content-Type of parameters',
    'PUT',
    '/items/costly',
    { headers: { 'content-type': `application/json${repeated(';a=b', 15_000)}` }, body: '{}' },
  ],
];
