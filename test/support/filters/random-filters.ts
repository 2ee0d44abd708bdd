import { MAX_BYTES } from '../../../src/items/filter/parse-filter.js';
import type { ModelFilter, ModelValue } from './filter-model.js';
import { NASTY_NAMES, NASTY_NUMBERS, NASTY_TEXTS, picker, type ShownItem } from './nasty-items.js';

const OPERATORS = ['==', '!=', '=in=', '=out=', '=lt=', '=le=', '=gt=', '=ge=', '=ex='];
const TEXT_MEMBERS = ['id', 'name', 'description', 'tags'];

/** What a comparison is about, and what makes values for it. */
interface Subject {
  member: string;
  path?: string[];
  make: () => ModelValue;
}

/** Makes filters about these items: most are about values that they have. */
export function filterMaker(items: ShownItem[], random: () => number): () => { filter: ModelFilter; text: string } {
  const { below, pick } = picker(random);
  const places = items.flatMap(({ attributes }) => [...placesIn(attributes)]);
  const make = (depth: number): ModelFilter => {
    if (depth > 3 || below(3) > 0) return comparison();
    return { join: pick([';', ',']), parts: Array.from({ length: 2 + below(2) }, () => make(depth + 1)) };
  };
  const comparison = (): ModelFilter => {
    const operator = pick(OPERATORS);
    const { member, path, make: makeValue } = below(2) === 0 ? aboutAttributes() : aboutMember();
    if (operator === '=ex=')
      return { member, path, operator, values: [{ text: pick(['true', 'false']), isBare: true }] };
    const count = operator === '=in=' || operator === '=out=' ? 1 + below(3) : 1;
    const isText = member !== 'version' && !member.endsWith('At');
    const takesStars = isText && (operator === '==' || operator === '!=');
    const values = Array.from({ length: count }, () =>
      takesStars && below(2) === 0 ? opened(makeValue()) : makeValue(),
    );
    return { member, path, operator, values };
  };
  const aboutMember = (): Subject => {
    const member = pick([...TEXT_MEMBERS, 'version', 'createdAt', 'updatedAt']);
    if (member === 'version') return { member, make: () => bare(pick(['1', '2', '2.0', '1.5', '-1', '1e400', '3'])) };
    if (member.endsWith('At')) return { member, make: () => ({ text: randomTime(), isBare: below(2) === 0 }) };
    return { member, make: () => ({ text: pick([pick(NASTY_TEXTS), pick(items).id]), isBare: below(2) === 0 }) };
  };
  const aboutAttributes = (): Subject => {
    const place = pick(places);
    const path = below(10) === 0 ? [...place.path, pick(NASTY_NAMES)] : place.path;
    const other = () => pick<unknown>([pick(places).value, pick(NASTY_NUMBERS), pick(NASTY_TEXTS), true, null]);
    return { member: 'attributes', path, make: () => scalarValue(below(3) === 0 ? other() : place.value) };
  };
  /** Text in JSON stands in quotes, or bare, where it may become another type. */
  const scalarValue = (value: unknown): ModelValue => {
    if (typeof value === 'string') return { text: value, isBare: below(4) === 0 };
    const text =
      typeof value === 'number' ? pick([String(value), value.toExponential(), '1e400']) : JSON.stringify(value);
    return { text, isBare: below(6) > 0 };
  };
  /** The same value with a part left out. */
  const opened = ({ text, isBare }: ModelValue): ModelValue => {
    const signs = Array.from(text);
    const [isOpenBefore, isOpenBehind] = pick([
      [true, false],
      [false, true],
      [true, true],
    ]) as [boolean, boolean];
    const start = isOpenBefore ? below(signs.length + 1) : 0;
    const end = isOpenBehind ? start + below(signs.length - start + 1) : signs.length;
    const part = signs.slice(start, end).join('');
    // A lone star is open on both sides.
    return { text: part, isBare, isOpenBefore: isOpenBefore || part === '', isOpenBehind: isOpenBehind || part === '' };
  };
  const randomTime = () => {
    const offset = pick([0, 0, 60, -90]);
    const ms = Date.parse(pick([pick(items).createdAt, pick(items).updatedAt])) + below(3) - 1;
    const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
    const size = new Date(Math.abs(offset) * 60_000).toISOString().slice(11, 16);
    const zone = offset === 0 ? pick(['Z', '+00:00', '-00:00']) : `${offset > 0 ? '+' : '-'}${size}`;
    return `${local}${pick(['', '', '0', '001', '999999'])}${zone}`;
  };
  return () => {
    for (;;) {
      const filter = make(0);
      const text = written(filter, random);
      if (Buffer.byteLength(text) <= MAX_BYTES) return { filter, text };
    }
  };
}

const bare = (text: string): ModelValue => ({ text, isBare: true });

function* placesIn(value: object, path: string[] = []): Generator<{ path: string[]; value: unknown }> {
  for (const [name, member] of Object.entries(value)) {
    const isObject = typeof member === 'object' && member !== null && !Array.isArray(member);
    yield { path: [...path, name], value: member };
    if (isObject) yield* placesIn(member as object, [...path, name]);
  }
}

const RESERVED = /["'();,=!~<> \t\r\n]/;

/** Writes a filter down. */
function written(filter: ModelFilter, random: () => number): string {
  const { pick } = picker(random);
  if ('join' in filter) {
    const join = filter.join === ';' ? pick([';', ' and ']) : pick([',', ' or ']);
    return filter.parts
      .map((part) => ('join' in part ? `(${written(part, random)})` : written(part, random)))
      .join(join);
  }
  const { member, path = [], operator, values } = filter;
  const names = path.map((name) =>
    name === '' || RESERVED.test(name) || name.includes('.') ? quoted(name, random) : name,
  );
  const texts = values.map((value) => writtenValue(value, random));
  const isList = operator === '=in=' || operator === '=out=';
  return `${[member, ...names].join('.')}${operator}${isList ? `(${texts.join(',')})` : texts[0]}`;
}

/** Makes bare what can be bare. Sets `isBare` to what was done, since the type depends on it. */
function writtenValue(value: ModelValue, random: () => number): string {
  const { text, isOpenBefore, isOpenBehind } = value;
  const isAny = text === '' && isOpenBefore === true && isOpenBehind === true;
  const [before, behind] = [isOpenBefore ? '*' : '', isOpenBehind && !isAny ? '*' : ''];
  const canBeBare = !RESERVED.test(text) && (text !== '' || isAny) && !(behind && text.endsWith('\\'));
  value.isBare &&= canBeBare;
  if (value.isBare) return `${before}${text.replace(/^\*|\*$/g, '\\*')}${behind}`;
  return quoted(text, random, before, behind);
}

function quoted(text: string, random: () => number, before = '', behind = ''): string {
  const quote = random() < 0.5 ? '"' : "'";
  return `${quote}${before}${text.replaceAll(/["'\\]|^\*|\*$/g, '\\$&')}${behind}${quote}`;
}
