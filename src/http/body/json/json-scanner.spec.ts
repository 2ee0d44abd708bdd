import { describe, expect, it } from '@jest/globals';
import { countJson, scanJson } from './json-scanner.js';

const VALID = [
  'null',
  ' true ',
  'false',
  '0',
  '-0',
  '-12.50e+3',
  '1E5',
  '""',
  '"a\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"',
  '"\\ud83d\\ude00 😀 \u2028"',
  '[]',
  '{}',
  '[ ]',
  '{ }',
  '[1,2,3]',
  ' [ 1 , [ ] , { } ] ',
  '{"a":1,"a":2}',
  '\t{ "a" : { "b" : [ null , true , -1.5e-3 ] } , "" : "" }\r\n',
  '[{"a":[{"b":[]}]},[[["x"]]]]',
];

const INVALID = [
  '',
  ' ',
  '\u00a0null',
  '\ufeff{}',
  'nul',
  'True',
  'NaN',
  'undefined',
  'truefalse',
  '01',
  '-',
  '+1',
  '.5',
  '1.',
  '1.e1',
  '1e',
  '1e+',
  '0x1',
  '1.5.2',
  '1e2e3',
  "'a'",
  '"a',
  '"a\nb"',
  '"\\q"',
  '"\\u12g4"',
  '"\\',
  '[',
  ']',
  '[,]',
  '[1,]',
  '[1 2]',
  '[1}',
  '{',
  '}',
  '{]',
  '{,}',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{"a" 1}',
  '{"a":1 "b":2}',
  '{a:1}',
  '{1:1}',
  '{"a":1}}',
  '{} {}',
  '1,2',
  '"a":1',
  '// x\n1',
];

const parses = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('scanJson finds broken JSON', () => {
  it.each(VALID)('%j is valid, as for JSON.parse', (text) => {
    expect(parses(text)).toBe(true);
    expect(scanJson(text).brokenAt).toBeUndefined();
  });

  it.each(INVALID)('%j is broken, as for JSON.parse', (text) => {
    expect(parses(text)).toBe(false);
    expect(scanJson(text).brokenAt).toEqual(expect.any(Number));
  });

  it('a character that JSON never has is found where it stands, wherever that is', () => {
    for (const text of VALID) {
      for (let at = 0; at <= text.length; at += 1) {
        const broken = `${text.slice(0, at)}\u0001${text.slice(at)}`;
        expect([broken, scanJson(broken).brokenAt]).toEqual([broken, at]);
      }
    }
  });

  it('a text that ends too early is broken at its end, wherever that is', () => {
    for (const text of VALID.map((valid) => valid.trim()).filter((valid) => /^["[{tfn]/.test(valid))) {
      for (let at = 0; at < text.length; at += 1) {
        expect([text.slice(0, at), scanJson(text.slice(0, at)).brokenAt]).toEqual([text.slice(0, at), at]);
      }
    }
  });

  it.each([
    ['1.x', 2],
    ['1.5.2', 3],
    ['1ex', 2],
    ['1e+x', 3],
    ['1e2e3', 3],
    ['-x', 1],
    ['01', 1],
    ['"\\q"', 2],
    ['"\\u12g4"', 5],
    ['trux', 3],
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['{} {}', 3],
  ])('%j is broken at %i', (text, position) => {
    expect(scanJson(text).brokenAt).toBe(position);
  });

  it.each([
    ['{"a":[1,{"b":x}]}', '/a/1/b'],
    ['{"a":1,}', '/a'],
    ['', ''],
    ['['.repeat(65), undefined],
    [`{"${'x'.repeat(1_000)}":`, undefined],
  ])('%.30j is broken in %s', (text, pointer) => {
    expect(scanJson(text).brokenIn).toBe(pointer);
  });

  it('texts with one character changed are judged as by JSON.parse', () => {
    const characters = ['"', '\\', '{', '}', '[', ']', ',', ':', '0', '1', '.', '-', 'e', 'u', ' ', 'a', '\n'];
    for (const text of VALID) {
      for (let at = 0; at < text.length; at += 1) {
        for (const character of characters) {
          const changed = text.slice(0, at) + character + text.slice(at + 1);
          expect([changed, scanJson(changed).brokenAt === undefined]).toEqual([changed, parses(changed)]);
        }
      }
    }
  });

  it('a million open brackets overflow no stack', () => {
    expect(scanJson('['.repeat(1_000_000)).brokenAt).toBe(1_000_000);
    expect(scanJson('{"a":'.repeat(200_000)).brokenAt).toBe(1_000_000);
    expect(scanJson(`${'['.repeat(500_000)}${']'.repeat(500_000)}`)).toMatchObject({ faults: { count: 0 } });
  });
});

describe('scanJson names what JSON.parse would change', () => {
  const faultsIn = (text: string) => scanJson(text).faults.listed.map((fault) => `${pointerIn(fault)} ${fault.rule}`);
  const pointerIn = (fault: object) => ('pointer' in fault ? String(fault.pointer) : '?');

  it.each([
    ['1e400', ' exact-number'],
    ['{"a":{"b":[0,{"c":12345678901234567890}]}}', '/a/b/1/c exact-number'],
    ['["x","\\u0000"]', '/1 no-nul'],
    ['{"a":"\\ud800"}', '/a unicode'],
    ['{"a":"\\udc00\\ud800"}', '/a unicode'],
    ['{"a":"\\ud800\\n"}', '/a unicode'],
    ['{"a":"\\ud800\\ud800\\udc00"}', '/a unicode'],
    ['{"a":"\\ud83d\\ude00\\ude00"}', '/a unicode'],
    ['{"a":"\\uD800 \\u0000"}', '/a no-nul'],
    ['1234567890123456789e1', ' exact-number'],
    ['-123456789012345678', ' exact-number'],
    ['1e-400', ' exact-number'],
    ['1E999', ' exact-number'],
    ['{"a":{"\\u0000":1}}', '/a/\u0000 no-nul'],
    ['{"a":{"\\ud800":1}}', '/a/\ud800 unicode'],
    ['{"__proto__":1}', '/__proto__ reserved-name'],
    ['{"a":[{"\\u005f_proto__":{}}]}', '/a/0/__proto__ reserved-name'],
    ['{"a/b":{"c~d":1e999}}', '/a~1b/c~0d exact-number'],
    ['{"":[[],[1e999]]}', '//1/0 exact-number'],
  ])('%s: %j', (text, fault) => {
    expect(faultsIn(text)).toEqual([fault]);
  });

  it('nothing in what comes back as it was sent', () => {
    const text = '{"a":[1.0,-0,1e2,"\\ud83d\\ude00","\\u0001","__proto__"],"constructor":{"prototype":null},"proto":1}';
    const scan = scanJson(text);
    expect([scan.brokenAt, scan.faults.count]).toEqual([undefined, 0]);
  });

  it.each([
    ['{"a":1,"b":[0, 1e999]}', 15],
    ['{"a":{"b":"\\u0000"}}', 10],
    ['{"a":{ "\\ud800":1}}', 7],
    ['[{"__proto__":1}]', 2],
  ])('%j has its fault at %i', (text, position) => {
    expect(scanJson(text).faults.listed).toMatchObject([{ position }]);
  });

  it('and where the wanted values begin, at any depth, the last of two', () => {
    const text = ' {"a":1,"b" : {"c":2, "a": [ 7,{"~":8} ]},"a": "x","d/e":[3, 4,[5] , 6]}';
    const places = {
      '': 1,
      '/a': text.indexOf('"x"'),
      '/b': text.indexOf('{"c"'),
      '/b/c': text.indexOf('2'),
      '/b/a/1/~0': text.indexOf('8'),
      '/d~1e': text.indexOf('[3'),
      '/d~1e/0': text.indexOf('3'),
      '/d~1e/2/0': text.indexOf('5'),
      '/d~1e/3': text.indexOf('6'),
    };
    const absent = ['/c', '/b/a/2', '/b/d~1e', '/d~1e/4', '/d~1e/03', '/d~1e/-1', '/a/0', '/0'];
    expect(Object.fromEntries(scanJson(text, [...Object.keys(places), ...absent]).places)).toEqual(places);
    expect(Object.fromEntries(scanJson('[[1],2]', ['/0', '/1', '/0/0']).places)).toEqual({
      '': 0,
      '/0': 1,
      '/0/0': 2,
      '/1': 5,
    });
  });

  it('of 80,000 members only the places that were asked for', () => {
    const members = Array.from({ length: 80_000 }, (_, n) => `"m${n}":${n % 10}`);
    const text = `{${members.join(',')}}`;
    expect([...scanJson(text).places]).toEqual([['', 0]]);
    expect([...scanJson(text, ['/m79999', '/absent']).places]).toEqual([
      ['', 0],
      ['/m79999', text.lastIndexOf(':') + 1],
    ]);
  });

  it('all faults in the order of the document', () => {
    expect(faultsIn('{"z":1e999,"__proto__":{"y":"\\u0000"},"a":[1,1e999]}')).toEqual([
      '/z exact-number',
      '/__proto__ reserved-name',
      '/__proto__/y no-nul',
      '/a/1 exact-number',
    ]);
  });

  it('at most 100 faults, and how many more there are', () => {
    const { faults } = scanJson(`[${'1e999,'.repeat(5_000)}0]`);
    expect([faults.listed.length, faults.more]).toEqual([100, 4_900]);
  });

  it('what lies very deep or under long names by what it lies in', () => {
    const deep = scanJson(`${'['.repeat(300_000)}1e999${']'.repeat(300_000)}`);
    expect(deep.faults.listed).toMatchObject([{ pointer: '/0'.repeat(64), position: 300_000 }]);
    const [long, longer] = ['n'.repeat(900), 'm'.repeat(500_000)];
    const named = scanJson(`{"${long}":{"${longer}":[1e999,1e999]},"__proto__":1}`);
    expect(named.faults.listed).toMatchObject([
      { pointer: `/${long}`, position: 500_909 },
      { pointer: `/${long}`, position: 500_915 },
      { pointer: '/__proto__' },
    ]);
  });
});

describe('countJson', () => {
  it.each([
    ['1', 1, []],
    ['{"a":[1,{"b":2}],"a":{},"":"c,d:[{"}', 11, ['a', '']],
    ['[{"a":1},[]]', 5, []],
  ])('%s has %i values and names', async (text, count, members) => {
    const { scan, names } = await countJson(text);
    expect([scan.count, [...names]]).toEqual([count, members]);
  });

  it('lets others go on meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    const { scan } = await countJson(`[${'[],'.repeat(100_000)}0]`);
    clearInterval(timer);
    expect(scan.count).toBe(100_002);
    expect(turns).toBeGreaterThan(0);
  });

  it('says where a text is broken', async () => {
    const { scan } = await countJson(`[${'[],'.repeat(100_000)}`);
    expect([scan.brokenAt, scan.brokenIn]).toEqual([300_001, '/100000']);
  });
});
