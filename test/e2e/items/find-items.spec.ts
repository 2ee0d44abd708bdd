import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NASTY_TEXTS } from '../../support/filters/nasty-items.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;
const list = (parameters: Record<string, string>) =>
  service.api.get(`/items?${new URLSearchParams(parameters).toString()}`);

beforeAll(async () => {
  service = await startTestApp();
  const values = {
    text: 'b',
    ten: 10,
    half: 10.5,
    yes: true,
    no: false,
    nil: null,
    list: ['b', 10],
    object: { b: 'b' },
  };
  for (const [id, value] of Object.entries(values)) {
    (await service.api.post('/items', { id, name: `is ${id}`, attributes: { value } })).expect(201);
  }
  const full = { id: 'full', name: 'Blue Bolt', description: 'Größe 10', tags: ['b', 'Rot'] };
  service.clock.now = new Date('2026-02-01T00:00:00.500Z');
  (await service.api.post('/items', full)).expect(201);
  (await service.api.put('/items/full', { ...full, description: '' })).expect(200);
});
afterAll(() => service?.close());

const ALL = ['full', 'half', 'list', 'nil', 'no', 'object', 'ten', 'text', 'yes'];
const without = (...ids: string[]) => ALL.filter((id) => !ids.includes(id));

describe('GET /items with filter', () => {
  it.each<[string, string[]]>([
    // Attributes: a value of another type never matches, and lists and objects match nothing.
    ['attributes.value==b', ['text']],
    ['attributes.value==10', ['ten']],
    ['attributes.value==10.0', ['ten']],
    ['attributes.value=="10"', []],
    ['attributes.value==true', ['yes']],
    ['attributes.value=="true"', []],
    ['attributes.value==null', ['nil']],
    ['attributes.value==b*', ['text']],
    ['attributes.value==*', ['text']],
    ['attributes.value!=b', without('text')],
    ['attributes.value!=10', without('ten')],
    ['attributes.value!=null', without('nil')],
    ['attributes.value!=*', without('text')],
    ['attributes.value=in=(b,10,false)', ['no', 'ten', 'text']],
    ['attributes.value=out=(b,10,false)', without('no', 'ten', 'text')],
    ['attributes.value=lt=10.5', ['ten']],
    ['attributes.value=le=10.5', ['half', 'ten']],
    ['attributes.value=gt=10', ['half']],
    ['attributes.value=ge=10', ['half', 'ten']],
    ['attributes.value=lt=c', ['text']],
    ['attributes.value=le=b', ['text']],
    ['attributes.value=gt=a', ['text']],
    ['attributes.value=ge=c', []],
    ['attributes.value=ge=false', []],
    ['attributes.value=le=null', []],
    ['attributes.value=ex=true', without('full')],
    ['attributes.value=ex=false', ['full']],
    ['attributes.value.b==b', ['object']],
    ['attributes.value.0==b', []],
    // Text members: 10 is text, too.
    ['id==ten', ['ten']],
    ['id!=ten', without('ten')],
    ['id=in=(ten,full,none)', ['full', 'ten']],
    ['id=out=(ten,full)', without('ten', 'full')],
    ['id=lt=half', ['full']],
    ['id=le=half', ['full', 'half']],
    ['id=gt=text', ['yes']],
    ['id=ge=text', ['text', 'yes']],
    ['id=ex=true', ALL],
    ['name=="Blue*"', ['full']],
    ['name==blue*', []],
    ['name==*Bolt', ['full']],
    ['name==*t*', ['full', 'list', 'object', 'ten', 'text']],
    ['name=ex=false', []],
    ['description==""', ['full']],
    ['description!=x', ALL],
    ['description=lt=x', ['full']],
    ['description=ex=true', ['full']],
    ['description=ex=false', without('full')],
    // Tags: one of them.
    ['tags==b', ['full']],
    ['tags==rot', []],
    ['tags==R*', ['full']],
    ['tags==*t', ['full']],
    ['tags!=b', without('full')],
    ['tags=in=(x,Rot)', ['full']],
    ['tags=out=(x,Rot)', without('full')],
    ['tags=lt=S', ['full']],
    ['tags=ge=b', ['full']],
    ['tags=gt=b', []],
    ['tags=ex=true', ['full']],
    ['tags=ex=false', without('full')],
    // Version and times.
    ['version==2', ['full']],
    ['version!=2.0', without('full')],
    ['version=in=(1,3)', without('full')],
    ['version=gt=1.5', ['full']],
    ['version=le=1', without('full')],
    ['version=ex=true', ALL],
    ['createdAt==2026-02-01T01:00:00.5+01:00', ['full']],
    ['createdAt!=2026-02-01T00:00:00.500Z', without('full')],
    ['createdAt=ge=2026-02-01T00:00:00.500Z', ['full']],
    ['createdAt=gt=2026-02-01T00:00:00.500Z', []],
    ['createdAt=lt=2026-02-01T00:00:00.5001Z', ALL],
    ['updatedAt=in=(2026-02-01T00:00:00.500Z)', ['full']],
    ['updatedAt=out=(2026-02-01T00:00:00.500Z)', without('full')],
    ['updatedAt=le=2026-01-31T23:59:59Z', without('full')],
    ['updatedAt=ex=false', []],
    // Together.
    ['id==ten,id==half;attributes.value==10', ['ten']],
    ['(id==ten,id==half);attributes.value=gt=10', ['half']],
  ])('[I20] %s', async (filter, ids) => {
    const { items } = (await list({ filter })).expect(200).json as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).toEqual(ids);
  });

  it('[I21] 400 with the position and what is expected there', async () => {
    const { json } = (await list({ filter: 'name=="\u{1F600}";colour==red' })).expect(400, 'invalid-filter');
    expect(json.errors).toEqual([
      {
        parameter: 'filter',
        rule: 'filter',
        position: 10,
        detail: expect.stringContaining(
          'expected a selector: id, name, description, tags, version, createdAt, updatedAt or attri',
        ),
      },
    ]);
  });

  it.each([
    '',
    'name=like=x',
    'name==',
    'version==x',
    'createdAt==2026',
    `id==${'x'.repeat(4_093)}`,
    '('.repeat(10),
    'name==\0',
  ])('[I21] 400 to %j', async (filter) => {
    (await list({ filter })).expect(400, 'invalid-filter');
  });

  it('200 or 400 to nasty texts, as they are and in quotes', async () => {
    for (const text of NASTY_TEXTS) {
      expect([200, 400]).toContain((await list({ filter: text })).status);
      const quoted = `"${text.replaceAll(/["\\*]/g, '\\$&')}"`;
      (await list({ filter: `name==${quoted};tags==${quoted},attributes.${quoted}=gt=${quoted}` })).expect(200);
    }
  });
});

describe('GET /items with q', () => {
  it.each<[string, string[]]>([
    ['bolt', ['full']],
    ['BLUE rot', ['full']],
    ['bl bo b', ['full']],
    ['olt', []],
    ['blue ten', []],
    ['is te', ['ten', 'text']],
    ['grosse', []],
    ['full', []],
  ])('[I22] %j', async (q, ids) => {
    const { items } = (await list({ q })).expect(200).json as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).toEqual(ids);
  });

  it('[I22] 200 with what also passes the filter, page by page, with count', async () => {
    const { json } = (await list({ q: 'is', filter: 'attributes.value=ex=true', limit: '2', count: 'true' })).expect(
      200,
    );
    expect(json).toMatchObject({ items: [{ id: 'half' }, { id: 'list' }], count: 8 });
    const parameters = { q: 'is', filter: 'attributes.value=ex=true', limit: '2', cursor: json.next as string };
    expect((await list(parameters)).expect(200).json.items).toMatchObject([{ id: 'nil' }, { id: 'no' }]);
    (await list({ ...parameters, q: 'other' })).expect(400, 'invalid-cursor');
  });

  it.each(['', '!', ' ', '\u{1F600}', 'x'.repeat(201)])('[I23] 400 to %j', async (q) => {
    (await list({ q })).expect(400, 'invalid-query');
  });

  it('200 or 400 to nasty texts', async () => {
    for (const text of NASTY_TEXTS) expect([200, 400]).toContain((await list({ q: text })).status);
  });
});
