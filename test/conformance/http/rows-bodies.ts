import { AS_JSON, type Exchange, type Row } from '../row.js';

const NOTHING_WRITTEN: Exchange = { send: 'GET /items/{X}', status: 404, code: 'item-not-found' };

/** POST with this JSON text. */
const post = (body: string) => ({ send: 'POST /items', headers: AS_JSON, body });

/** A new item whose attributes are this JSON text. */
const withAttributes = (attributes: string) => `{"id":"{X}","name":"New","attributes":${attributes}}`;

const invalid = (body: string, ...errors: object[]): Exchange => ({
  ...post(body),
  status: 400,
  code: 'invalid-body',
  content: { errors },
});

const nested = (levels: number) => withAttributes(`${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`);

/** E: which bodies are refused, and what is kept of the others. */
export const BODIES: Row[] = [
  {
    number: 'E6',
    request: 'POST of broken JSON',
    answer: '400 problem with the position',
    section: '§15.5.1',
    exchanges: [
      { ...post('{"id":"unused",,}'), status: 400, code: 'malformed-json', content: { position: 15 } },
      { ...post('{"id":'), status: 400, code: 'malformed-json', content: { position: 6 } },
      { ...post('nonsense'), status: 400, code: 'malformed-json', content: { position: 1 } },
      NOTHING_WRITTEN,
    ],
  },
  {
    number: 'E7',
    request: 'POST, PUT or PATCH without a body, or with an empty chunked one',
    answer: '400 problem, the same for each',
    section: '§15.5.1; RFC 9112 §7.1',
    exchanges: [
      ...['POST /items', 'PUT /items/{X}', 'PATCH /items/{E}'].flatMap((send) =>
        [{}, { ...AS_JSON, 'content-length': '0' }, { ...AS_JSON, 'transfer-encoding': 'chunked' }].map((headers) => ({
          send,
          headers,
          status: 400,
          code: 'invalid-body',
          content: { errors: [{ pointer: '', rule: 'required' }] },
        })),
      ),
      NOTHING_WRITTEN,
    ],
  },
  {
    number: 'E8',
    request: 'POST of JSON that is not an object',
    answer: '400 problem',
    section: '§15.5.1, own',
    exchanges: ['[]', 'null', '"text"', '1', 'true'].map((body) => invalid(body, { pointer: '', rule: 'type' })),
  },
  {
    number: 'E9',
    request: 'POST with members that are missing, wrong or unknown',
    answer:
      '400 problem with all of them in `errors`, each with JSON Pointer, rule and sentence: in the order of the ' +
      'schema, then unknown ones in the order of the body',
    section: '§15.5.21; RFC 9457 §3, own',
    exchanges: [
      invalid('{}', { pointer: '/id', rule: 'required' }, { pointer: '/name', rule: 'required' }),
      invalid(
        '{"zeta":1,"attributes":[],"name":"","alpha":2,"a/b~c":3}',
        { pointer: '/id', rule: 'required', detail: 'id is missing.' },
        { pointer: '/name', rule: 'length' },
        { pointer: '/attributes', rule: 'type' },
        { pointer: '/zeta', rule: 'unknown' },
        { pointer: '/alpha', rule: 'unknown' },
        { pointer: '/a~1b~0c', rule: 'unknown' },
      ),
      invalid('{"id":7,"name":null}', { pointer: '/id', rule: 'type' }, { pointer: '/name', rule: 'required' }),
      invalid(
        '{"id":"{X}","name":"New","tags":["a","",7,"a"]}',
        { pointer: '/tags/1', rule: 'length' },
        { pointer: '/tags/2', rule: 'type' },
        { pointer: '/tags/3', rule: 'unique' },
      ),
      invalid('{"id":"{X}","name":"New","deletedAt":null}', { pointer: '/deletedAt', rule: 'unknown' }),
      NOTHING_WRITTEN,
    ],
  },
  {
    number: 'E10',
    request: 'POST with a member twice',
    answer: 'the last one counts',
    section: 'RFC 8259 §4, own',
    exchanges: [
      { ...post('{"id":"{X}","name":"first","name":"last"}'), status: 201, content: { name: 'last' } },
      { send: 'GET /items/{X}', status: 200, content: { name: 'last' } },
    ],
  },
  {
    number: 'E11',
    request: 'POST with invalid UTF-8, a lone surrogate or U+0000, in strings or names',
    answer: '400 problem',
    section: 'RFC 8259 §8.1, own',
    exchanges: [
      {
        send: 'POST /items',
        headers: AS_JSON,
        body: Buffer.concat([Buffer.from('{"id":"e11","name":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
        status: 400,
        code: 'malformed-json',
      },
      invalid('{"id":"{X}","name":"a\\u0000b"}', { pointer: '/name', rule: 'no-nul' }),
      invalid('{"id":"{X}","name":"a\\ud800b"}', { pointer: '/name', rule: 'unicode' }),
      invalid(withAttributes('{"list":["\\udc00"]}'), { pointer: '/attributes/list/0', rule: 'unicode' }),
      invalid('{"id":"{X}","name":"New","tags":["a\\u0000"]}', { pointer: '/tags/0', rule: 'no-nul' }),
      invalid(withAttributes('{"a\\u0000":1}'), { pointer: '/attributes/a\u0000', rule: 'no-nul' }),
      NOTHING_WRITTEN,
      { send: 'GET /items/e11', status: 404, code: 'item-not-found' },
      { ...post('{"id":"{X}","name":"\\ud83c\\udf4e"}'), status: 201, content: { name: '🍎' } },
    ],
  },
  {
    number: 'E12',
    request: 'POST with a number that no double represents',
    answer:
      '400 problem with its pointer; accepted are integers that come back digit for digit, and fractions or ' +
      'exponents of at most 17 significant digits, as the nearest double; -0 becomes 0',
    section: 'RFC 8259 §6, own',
    exchanges: [
      ...['1e400', '9007199254740993', '12345678901234567890', '0.1000000000000000055511', '-1e-400'].map((number) =>
        invalid(withAttributes(`{"n":${number}}`), { pointer: '/attributes/n', rule: 'exact-number' }),
      ),
      NOTHING_WRITTEN,
      { ...post(withAttributes('{"a":-0,"b":1.50,"c":1E3}')), status: 201, holds: ['{"a":0,"b":1.5,"c":1000}'] },
      { send: 'GET /items/{X}', status: 200, holds: ['{"a":0,"b":1.5,"c":1000}'] },
      {
        send: 'PUT /items/{X}',
        headers: AS_JSON,
        body: '{"name":"x","attributes":{"a":4.2000000000000002,"b":0.10000000000000001,"c":-73.985699999999994,"d":0e-400}}',
        status: 200,
        holds: ['{"a":4.2,"b":0.1,"c":-73.9857,"d":0}'],
      },
    ],
  },
  {
    number: 'E13',
    request: 'POST with a member named `__proto__`, or with attributes deeper than 32',
    answer: '400 problem; `constructor` and `prototype` are ordinary names',
    section: '§15.5.21, own',
    exchanges: [
      invalid('{"__proto__":{"id":"{X}"},"id":"{X}","name":"New"}', { pointer: '/__proto__', rule: 'reserved-name' }),
      invalid(withAttributes('{"a":[{"__proto__":1}]}'), {
        pointer: '/attributes/a/0/__proto__',
        rule: 'reserved-name',
      }),
      invalid(nested(33), { pointer: '/attributes', rule: 'depth' }),
      invalid(nested(9_000), { pointer: '/attributes', rule: 'depth' }),
      invalid(nested(100_000), { pointer: '', rule: 'count' }),
      NOTHING_WRITTEN,
      { ...post(nested(32)), status: 201 },
      {
        send: 'PUT /items/{E}',
        headers: AS_JSON,
        body: '{"name":"New","attributes":{"constructor":{"name":"x"},"prototype":[null]}}',
        status: 200,
        holds: ['"attributes":{"constructor":{"name":"x"},"prototype":[null]}'],
      },
      { send: 'GET /items/{E}', status: 200, holds: ['{"constructor":{"name":"x"},"prototype":[null]}'] },
    ],
  },
];
