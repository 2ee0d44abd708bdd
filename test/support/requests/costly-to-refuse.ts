import { gzipSync } from 'node:zlib';
import { FORM } from '../../../src/http/body/form.js';
import { AS_JSON } from '../../conformance/row.js';
import { full, LIMIT_BYTES, name, repeated, type CostlyRequest } from './costly-requests.js';

const item = (attributes: string) => `{"id":"a","name":"b","attributes":${attributes}}`;
const nested = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;

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

/** Requests that are made to cost much, and are refused for what they are, before a database has a part in it. */
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
