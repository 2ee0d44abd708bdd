import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../support/answer.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const nested = (depth: number): unknown => (depth === 1 ? {} : { a: nested(depth - 1) });
/** Attributes of exactly this many bytes as compact JSON, some of them in characters of several bytes. */
const sized = (bytes: number) => ({ text: `é😀${'x'.repeat(bytes - Buffer.byteLength('{"text":"é😀"}'))}` });
const tags = (count: number) => Array.from({ length: count }, (_, n) => `tag-${n}`);
const faultsOf = (answer: Answer) =>
  answer.json.errors.map(({ pointer, rule }: Record<string, string>) => `${pointer} ${rule}`);

// The members that clients write have the same rules in every operation.
describe.each(['POST /items', 'PUT /items/:id'])('%s: the content of an item', (operation) => {
  let service: TestApp;
  let count = 0;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  /** Sends members as JSON text, under a new id. */
  const write = (members: string) => {
    const id = `item-${(count += 1)}`;
    const options = { headers: { 'content-type': 'application/json' }, body: `{"id":"${id}",${members}}` };
    return operation.startsWith('POST')
      ? service.api.call('POST', '/items', options)
      : service.api.call('PUT', `/items/${id}`, options);
  };
  const writeJson = (members: object) => write(JSON.stringify(members).slice(1, -1));
  const readBack = async (written: Answer) => (await service.api.get(`/items/${written.json.id}`)).expect(200);

  it.each<[string, object]>([
    ['a name of 1', { name: 'x' }],
    ['a name of 200', { name: 'x'.repeat(200) }],
    ['a name of 200 astral characters', { name: '😀'.repeat(200) }],
    ['an empty description', { name: 'x', description: '' }],
    ['a description of 2,000', { name: 'x', description: 'y'.repeat(2_000) }],
    ['a description of 2,000 astral characters', { name: 'x', description: '😀'.repeat(2_000) }],
    ['no tags', { name: 'x', tags: [] }],
    ['tags in an order of their own', { name: 'x', tags: ['b', 'a', 'B', ' ', 'a '] }],
    ['32 tags', { name: 'x', tags: tags(32) }],
    ['tags of 64 astral characters', { name: 'x', tags: ['😀'.repeat(64), `${'😀'.repeat(63)}x`] }],
    ['attributes 32 deep', { name: 'x', attributes: nested(32) }],
    ['attributes of 16 KiB', { name: 'x', attributes: sized(16_384) }],
    ['line ends and controls', { name: 'a\nb\u0001\u007f\u2028', description: '\t"\\/' }],
  ])('201 with %s, which comes back as sent', async (_, members) => {
    const written = (await writeJson(members)).expect(201);
    expect(written.json).toMatchObject(members);
    expect((await readBack(written)).text).toBe(written.text);
  });

  it('[E18] 201 with optional members that are null, the same as absent ones', async () => {
    const written = (await writeJson({ name: 'x', description: null, tags: null, attributes: null })).expect(201);
    expect(written.json).not.toHaveProperty('description');
    expect(written.json.tags).toEqual([]);
    expect(written.json.attributes).toEqual({});
    expect((await readBack(written)).text).toBe(written.text);
  });

  it.each<[string, object, string]>([
    ['an empty name', { name: '' }, '/name length'],
    ['a name of 201', { name: 'x'.repeat(201) }, '/name length'],
    ['a name of 201 astral characters', { name: '😀'.repeat(201) }, '/name length'],
    ['a name that is a number', { name: 7 }, '/name type'],
    ['a name that is null', { name: null }, '/name required'],
    ['no name', { description: 'x' }, '/name required'],
    ['a description of 2,001', { name: 'x', description: 'y'.repeat(2_001) }, '/description length'],
    ['a description of 2,001 astral', { name: 'x', description: '😀'.repeat(2_001) }, '/description length'],
    ['33 tags', { name: 'x', tags: tags(33) }, '/tags count'],
    ['tags that are a string', { name: 'x', tags: 'a,b' }, '/tags type'],
    ['tags that are an object', { name: 'x', tags: { 0: 'a' } }, '/tags type'],
    ['an empty tag', { name: 'x', tags: ['a', ''] }, '/tags/1 length'],
    ['a tag of 65', { name: 'x', tags: ['x'.repeat(65)] }, '/tags/0 length'],
    ['a tag of 65 astral characters', { name: 'x', tags: ['a', '😀'.repeat(65)] }, '/tags/1 length'],
    ['a tag that is a number', { name: 'x', tags: ['1', 1] }, '/tags/1 type'],
    ['a tag that is null', { name: 'x', tags: [null] }, '/tags/0 type'],
    ['a tag that is there already', { name: 'x', tags: ['a', 'b', 'a'] }, '/tags/2 unique'],
    ['attributes 33 deep', { name: 'x', attributes: nested(33) }, '/attributes depth'],
    ['attributes of 16 KiB and a byte', { name: 'x', attributes: sized(16_385) }, '/attributes size'],
    ['attributes that are an array', { name: 'x', attributes: [] }, '/attributes type'],
    ['attributes that are a string', { name: 'x', attributes: '{}' }, '/attributes type'],
  ])('[E9] 400 for %s', async (_, members, fault) => {
    expect(faultsOf((await writeJson(members)).expect(400, 'invalid-body'))).toEqual([fault]);
  });

  it('[E9] 400 with every bad tag, what it must be, and where it stands', async () => {
    const text = String.raw`"name":"x", "tags":["a", 7,"","a","\u0000", "b"]`;
    const refused = (await write(text)).expect(400, 'invalid-body');
    const body = `{"id":"item-${count}",${text}}`;
    const at = (tag: string) => body.indexOf(tag, body.indexOf('[') + 5);
    expect(refused.json.errors).toEqual([
      { pointer: '/tags/1', rule: 'type', detail: 'tags/1 must be a string.', position: at('7') },
      { pointer: '/tags/2', rule: 'length', detail: 'tags/2 must be 1 to 64 characters long.', position: at('"",') },
      { pointer: '/tags/3', rule: 'unique', detail: 'tags/3 must not repeat element 0.', position: at('"a","') },
      expect.objectContaining({ pointer: '/tags/4', rule: 'no-nul', position: at(String.raw`"\u0`) }),
    ]);
  });

  it.each(['constructor', 'prototype', 'toString', 'hasOwnProperty', 'deletedAt', 'a/b~c', ''])(
    '[E9] 400 for the unknown member %j, which it names',
    async (name) => {
      const pointer = `/${name.replace('~', '~0').replace('/', '~1')}`;
      const refused = (await writeJson({ name: 'x', [name]: 1 })).expect(400, 'invalid-body');
      expect(faultsOf(refused)).toEqual([`${pointer} unknown`]);
    },
  );

  it('[E13] constructor, prototype and the like are ordinary names of attributes', async () => {
    const attributes =
      '{"constructor":{"prototype":{"x":1}},"prototype":null,"toString":"x","hasOwnProperty":[],"toJSON":1,"then":2}';
    const written = (await write(`"name":"x","attributes":${attributes}`)).expect(201);
    expect(written.text).toContain(`"attributes":${attributes}`);
    expect((await readBack(written)).text).toBe(written.text);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('attributes keep the order of their members, except for names like 7, which come first', async () => {
    const written = (await write('"name":"x","attributes":{"z":1,"a":{"10":1,"b":2,"9":3},"7":2,"m":3,"07":4}')).expect(
      201,
    );
    const kept = '{"7":2,"z":1,"a":{"9":3,"10":1,"b":2},"m":3,"07":4}';
    expect((await readBack(written)).text).toContain(`"attributes":${kept}`);
  });

  it('[E10] the last of two equal names wins, in attributes too', async () => {
    const written = (await write('"name":"first","name":"last","attributes":{"a":1,"b":2,"a":3}')).expect(201);
    expect((await readBack(written)).text).toContain('"name":"last","tags":[],"attributes":{"a":3,"b":2}');
  });

  it('[E12] a number comes back as JavaScript writes it', async () => {
    const sent = '[1.0,-0,1e2,1E-7,0.10,100000000000000000000,5e-324,9007199254740992,1e21]';
    const written = (await write(`"name":"x","attributes":{"n":${sent}}`)).expect(201);
    const kept = '[1,0,100,1e-7,0.1,100000000000000000000,5e-324,9007199254740992,1e+21]';
    expect((await readBack(written)).text).toContain(`"attributes":{"n":${kept}}`);
  });

  it('[E12] coordinates of 17 digits, which many GeoJSON writers give, are the doubles that they stand for', async () => {
    const ring = Array.from({ length: 200 }, (_, n) => [-73.9857 + Math.sin(n) / 7, 40.7484 + Math.cos(n) / 7]);
    const sent = ring.map((point) => `[${point.map((degrees) => degrees.toPrecision(17)).join(',')}]`);
    const written = (await write(`"name":"x","attributes":{"coordinates":[[${sent.join(',')}]]}`)).expect(201);
    expect((await readBack(written)).text).toContain(`"attributes":{"coordinates":${JSON.stringify([ring])}}`);
  });

  it.each<[string, string, string[]]>([
    ['a number outside the range of doubles', '"attributes":{"a":[0,1e400]}', ['/attributes/a/1 exact-number']],
    ['an integer of 20 digits', '"attributes":{"a":12345678901234567890}', ['/attributes/a exact-number']],
    [
      'an integer that would come back as 1e+21',
      '"attributes":{"a":1000000000000000000000}',
      ['/attributes/a exact-number'],
    ],
    ['an integer past 2^53', '"attributes":{"a":9007199254740993}', ['/attributes/a exact-number']],
    ['a fraction that becomes 0', '"attributes":{"a":1e-400}', ['/attributes/a exact-number']],
    ['a fraction of 22 digits', '"attributes":{"a":0.1000000000000000055511}', ['/attributes/a exact-number']],
  ])('[E12] 400 for %s', async (_, members, faults) => {
    expect(faultsOf((await write(`"name":"x",${members}`)).expect(400, 'invalid-body'))).toEqual(faults);
  });

  it.each<[string, string, string[]]>([
    ['NUL in the name', '"name":"a\\u0000b"', ['/name no-nul']],
    ['NUL in the description', '"name":"x","description":"\\u0000"', ['/description no-nul']],
    ['NUL in an attribute', '"name":"x","attributes":{"a":[{"b":"\\u0000"}]}', ['/attributes/a/0/b no-nul']],
    ['NUL in the name of an attribute', '"name":"x","attributes":{"a\\u0000":1}', ['/attributes/a\u0000 no-nul']],
    ['a lone high surrogate', '"name":"\\ud83d"', ['/name unicode']],
    ['a lone low surrogate', '"name":"x","attributes":{"a":"\\ude00"}', ['/attributes/a unicode']],
    ['surrogates in the wrong order', '"name":"\\ude00\\ud83d"', ['/name unicode']],
    [
      'a lone surrogate in a name',
      '"name":"x","attributes":{"a":{"\\ud83d":1}}',
      [String.raw`/attributes/a/\ud83d unicode`],
    ],
  ])('[E11] 400 for %s', async (_, members, faults) => {
    expect(faultsOf((await write(members)).expect(400, 'invalid-body'))).toEqual(faults);
  });

  it('[E11] an escaped pair of surrogates is the character', async () => {
    const written = (await write('"name":"\\ud83d\\ude00","attributes":{"\\ud83d\\ude00":"\\u0001"}')).expect(201);
    expect((await readBack(written)).json).toMatchObject({ name: '😀', attributes: { '😀': '\u0001' } });
  });

  it.each<[string, string, string[]]>([
    ['as a member', '"name":"x","__proto__":{"name":"y"}', ['/__proto__ reserved-name']],
    ['as an attribute', '"name":"x","attributes":{"__proto__":{}}', ['/attributes/__proto__ reserved-name']],
    ['deep inside', '"name":"x","attributes":{"a":[{"__proto__":1}]}', ['/attributes/a/0/__proto__ reserved-name']],
    ['escaped', '"name":"x","attributes":{"_\\u005fproto__":1}', ['/attributes/__proto__ reserved-name']],
  ])('[E13] 400 for __proto__ %s', async (_, members, faults) => {
    expect(faultsOf((await write(members)).expect(400, 'invalid-body'))).toEqual(faults);
  });

  it('[E9] faults of the text and of the members come together, in the order of the schema', async () => {
    const members = '"zeta":1e999,"attributes":{"a":1e999,"b":"\\u0000"},"name":"","alpha":0';
    const refused = (await write(members)).expect(400, 'invalid-body');
    expect(faultsOf(refused)).toEqual([
      '/name length',
      '/attributes/a exact-number',
      '/attributes/b no-nul',
      '/zeta exact-number',
      '/zeta unknown',
      '/alpha unknown',
    ]);
  });

  it.each([
    ['19,000', 19_000, '/attributes depth'],
    ['half a million', 500_000, ' count'],
  ])('[E13] 400 for attributes %s deep', async (_, depth, fault) => {
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const refused = (await write(`"name":"x","attributes":{"a":${deep}}`)).expect(400, 'invalid-body');
    expect(faultsOf(refused)).toEqual([fault]);
  });
});
