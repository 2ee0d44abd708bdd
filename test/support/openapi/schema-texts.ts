import fc from 'fast-check';
import { resolved, type Schema } from './openapi-document.js';

/** One of each type. */
const EACH_TYPE = ['null', 'true', '0', '1.5', '"x"', '[]', '{}'];
/** Names that JavaScript objects already have, and odd ones. */
const ODD_NAMES = ['constructor', '__proto__', 'toString', 'hasOwnProperty', '', '7', 'a/b~c', '\u{1f600}'];
/** Numbers that JavaScript reads as another value, escapes, and deep arrays. */
const ODD_TEXTS = [
  '-0',
  '1.0',
  '1e400',
  '12345678901234567890',
  '0.1000000000000000055511',
  '1e-400',
  String.raw`"\u0000"`,
  String.raw`"\ud800"`,
  String.raw`"\ud83d\ude00"`,
  '"\u2028"',
  ...[31, 32, 33, 63, 64, 65, 5_000].map((levels) => '['.repeat(levels) + ']'.repeat(levels)),
];
const ODD_ENDS = [' ', '\n', '\t', 'é', '\u{1f600}', '/', '~', '~2', '%', '"', '-', '*'];

/** How many of the code points are surrogates, and where they begin. */
const [SURROGATES, FIRST_SURROGATE] = [0x800, 0xd800];

/** Any character. fast-check's own unit 'binary' is the same, and takes a second to make a table of them all. */
const character = fc.integer({ min: 0, max: 0x10ffff - SURROGATES }).map(
  (n) => String.fromCodePoint(n < FIRST_SURROGATE ? n : n + SURROGATES),
  (text) => {
    const [one = '', ...more] = [...(text as string)];
    const point = one.codePointAt(0) ?? 0;
    if (one === '' || more.length > 0) throw new Error('not one character');
    return point < FIRST_SURROGATE ? point : point - SURROGATES;
  },
);

/** An example of a schema as JSON text, made from the examples of its members. */
export function exampleText(given: Schema): string {
  const { example, properties, oneOf, items, enum: values } = resolved(given);
  if (example !== undefined || values) return JSON.stringify(example ?? values?.[0]);
  if (oneOf?.[0]) return exampleText(oneOf[0]);
  if (items) return `[${exampleText(items)}]`;
  return properties ? objectText(exampleMembers(properties)) : '"x"';
}

/** A JSON text at the edge of a rule. */
export interface Edge {
  text: string;
  /** What is tried. Schemas that are written alike in members of the same name have the same edges. */
  of: string;
}

/** JSON texts at the edges of a schema's rules, on both sides of each. The rest is as in the examples. */
export function edgesOf(given: Schema): Edge[] {
  const schema = resolved(given);
  const { oneOf, properties, items, enum: values, minimum, maximum } = schema;
  const numbers = [minimum, maximum].flatMap((limit) => (limit === undefined ? [] : [limit - 1, limit, limit + 1]));
  const texts = [
    ...EACH_TYPE,
    ...(values ?? []).flatMap((value) => [JSON.stringify(value), JSON.stringify(`${String(value)}x`)]),
    ...numbers.map(String),
    ...(typesOf(schema).includes('string') ? stringEdges(schema).map((text) => JSON.stringify(text)) : []),
  ];
  const written = JSON.stringify(schema);
  return [
    ...texts.map((text) => ({ text, of: `${text} as ${written}` })),
    ...(oneOf ?? []).flatMap(edgesOf),
    ...(items ? arrayEdges(items, schema) : []),
    ...(properties ? objectEdges(properties, schema) : []),
  ];
}

function stringEdges({ minLength, maxLength, pattern, example = 'x' }: Schema): string[] {
  const lengths = [minLength, maxLength].flatMap((limit) => (limit === undefined ? [] : [limit - 1, limit, limit + 1]));
  const ends =
    pattern === undefined ? [] : ODD_ENDS.flatMap((end) => [`${String(example)}${end}`, `${end}${String(example)}`]);
  const texts = lengths.flatMap((length) => (length < 0 ? [] : ['a'.repeat(length), '\u{1f600}'.repeat(length)]));
  return ['', ...texts, ...ends];
}

function arrayEdges(items: Schema, { maxItems = 0, uniqueItems = false }: Schema): Edge[] {
  const example = exampleText(items);
  const element = (_: unknown, n: number) => (uniqueItems ? JSON.stringify(`${n}`) : example);
  const lengths = [maxItems, maxItems + 1].map((length) => `[${Array.from({ length }, element).join(',')}]`);
  return [
    ...[...lengths, `[${example},${example}]`].map((text) => ({ text, of: `${text}, unique: ${uniqueItems}` })),
    ...edgesOf(items).map(({ text, of }) => ({ text: `[${text}]`, of: `[${of}]` })),
  ];
}

function objectEdges(properties: Record<string, Schema>, { required = [], ...rules }: Schema): Edge[] {
  const members = exampleMembers(properties);
  const without = (name: string) => members.filter(([other]) => other !== name);
  const changed = Object.entries(properties).flatMap(([name, schema]): Edge[] => [
    { text: objectText(without(name)), of: `no ${name}, required: ${required.includes(name)}` },
    ...[...edgesOf(schema), ...ODD_TEXTS.map((text) => ({ text, of: `${text} as ${JSON.stringify(schema)}` }))].map(
      ({ text, of }) => ({ text: objectText([...without(name), [name, text]]), of: `${name}: ${of}` }),
    ),
  ]);
  const others = JSON.stringify([rules.additionalProperties, rules.unevaluatedProperties, Object.keys(properties)]);
  const extra = ODD_NAMES.flatMap((name) =>
    ['null', '1'].map((text) => ({
      text: objectText([...members, [name, text]]),
      of: `${name}: ${text} in ${others}`,
    })),
  );
  return [...changed, ...extra];
}

/** JSON texts that mostly fit a schema. Now and then one part is at an edge of a rule, or anything at all. */
export function textsOf(given: Schema): fc.Arbitrary<string> {
  const schema = resolved(given);
  const name = JSON.stringify(schema);
  const texts =
    known.get(name) ??
    fc.oneof(
      { weight: 16, arbitrary: soundTextsOf(schema) },
      { weight: 1, arbitrary: fc.constantFrom(...edgesOf(schema).map(({ text }) => text)) },
      { weight: 1, arbitrary: anyText },
    );
  known.set(name, texts);
  return texts;
}

/** By the text of the schema: those of patterns take long to make, and many operations share them. */
const known = new Map<string, fc.Arbitrary<string>>();

function soundTextsOf(schema: Schema): fc.Arbitrary<string> {
  const { oneOf, properties, items, enum: values, pattern, minLength, maxLength = 400 } = schema;
  if (oneOf) return fc.oneof(...oneOf.map(textsOf));
  if (values) return fc.constantFrom(...values.map((value) => JSON.stringify(value)));
  if (items) return fc.array(textsOf(items), { maxLength: 3 }).map((texts) => `[${texts.join(',')}]`);
  if (properties) return objectTexts(properties, schema);
  const byType: Record<string, fc.Arbitrary<string>> = {
    null: fc.constant('null'),
    boolean: fc.boolean().map(String),
    integer: fc.integer({ min: schema.minimum, max: schema.maximum }).map(String),
    string: (pattern === undefined
      ? fc.string({ unit: character, minLength, maxLength })
      : fc.stringMatching(new RegExp(pattern, 'u'))
    ).map((text) => JSON.stringify(text)),
    object: fc.array(member, { maxLength: 3 }).map(objectText),
  };
  const types = typesOf(schema).flatMap((type) => byType[type] ?? []);
  return types.length > 0 ? fc.oneof(...types) : anyText;
}

function objectTexts(properties: Record<string, Schema>, { required = [], ...schema }: Schema): fc.Arbitrary<string> {
  const members = Object.entries(properties).map(([name, one]) => {
    const texts = textsOf(one).map((text) => [[name, text]]);
    const none = fc.constant<string[][]>([]);
    return fc.oneof({ weight: required.includes(name) ? 24 : 1, arbitrary: texts }, { weight: 1, arbitrary: none });
  });
  const isClosed = schema.additionalProperties === false || schema.unevaluatedProperties !== undefined;
  const others = fc.array(member, { maxLength: 1 });
  const extra = fc.oneof(
    { weight: isClosed ? 12 : 1, arbitrary: fc.constant<string[][]>([]) },
    { weight: 1, arbitrary: others },
  );
  return fc.tuple(fc.tuple(...members), extra).map(([own, more]) => objectText([...own.flat(), ...more]));
}

const { anyText, member } = fc.letrec<{ anyText: string; member: string[] }>((tie) => ({
  anyText: fc.oneof(
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.constantFrom(...ODD_TEXTS),
    fc.array(tie('member'), { maxLength: 2 }).map(objectText),
  ),
  member: fc.tuple(fc.oneof(fc.constantFrom(...ODD_NAMES), fc.string({ unit: character })), tie('anyText')),
}));

function exampleMembers(properties: Record<string, Schema>): string[][] {
  return Object.entries(properties)
    .filter(([, schema]) => schema.example !== undefined)
    .map(([name, schema]) => [name, exampleText(schema)]);
}

function objectText(members: string[][]): string {
  return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}

function typesOf({ type = [] }: Schema): string[] {
  return [type].flat();
}
