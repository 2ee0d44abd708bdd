/** One value of a family. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** A family as a body shows it, without `_total` in the name of a counter. */
export interface ParsedFamily {
  name: string;
  type: string;
  help: string;
  unit: string | undefined;
  samples: Sample[];
}

/** What the two formats have in common, and how they differ. */
interface Grammar {
  isOpen: boolean;
  /** The suffixes of samples, by type. */
  suffixes: Record<string, string[]>;
}

const TEXT: Grammar = {
  isOpen: false,
  suffixes: { counter: [''], gauge: [''], histogram: ['_bucket', '_sum', '_count'] },
};
const OPEN: Grammar = {
  isOpen: true,
  suffixes: { counter: ['_total'], gauge: [''], histogram: ['_bucket', '_sum', '_count'] },
};

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|\+Inf|-Inf|NaN)$/i;

/**
 * Reads a body strictly, as Prometheus' text format 0.0.4 or, with `# EOF`, as OpenMetrics 1.0. Throws at the first fault: a line that is
 * not of the format, metadata in the wrong place, series twice, a family in two places, buckets that decrease or don't add up.
 */
export function parseMetrics(text: string, format: 'text' | 'open'): ParsedFamily[] {
  const grammar = format === 'open' ? OPEN : TEXT;
  const families = new Map<string, ParsedFamily>();
  let current: ParsedFamily | undefined;
  for (const line of linesOf(text, grammar)) {
    if (line.startsWith('#')) current = readMetadata(line, families, current, grammar);
    else readSample(line, current, grammar);
  }
  for (const family of families.values()) check(family, grammar);
  return [...families.values()];
}

function linesOf(text: string, { isOpen }: Grammar): string[] {
  const end = isOpen ? '# EOF\n' : '\n';
  must(text.endsWith(end), `it must end with ${JSON.stringify(end)}`);
  const lines = text.slice(0, -end.length).split('\n');
  if (isOpen) must(lines.pop() === '', 'the line before # EOF must end');
  must(!lines.some((line) => /[\r\t]|^ | $/.test(line)), 'no stray white space');
  if (isOpen) must(!lines.includes(''), 'OpenMetrics has no empty lines');
  return lines.filter((line) => line !== '');
}

function readMetadata(
  line: string,
  families: Map<string, ParsedFamily>,
  current: ParsedFamily | undefined,
  { isOpen }: Grammar,
): ParsedFamily {
  const [, key, written, text] = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/.exec(line) ?? [];
  must(key !== undefined && written !== undefined && text !== undefined, `not metadata: ${line}`);
  must(isOpen || key !== 'UNIT', 'UNIT belongs to OpenMetrics');
  must(NAME.test(written), `not a name: ${written}`);
  // As OpenMetrics names a counter, so that both formats give the same.
  const name = isOpen ? written : written.replace(/_total$/, '');
  let family = current?.name === name ? current : undefined;
  if (!family) {
    must(!families.has(name), `${name} is in two places`);
    family = { name, type: '', help: '', unit: undefined, samples: [] };
    families.set(name, family);
  }
  must(family.samples.length === 0, `${key} of ${name} comes after its samples`);
  if (key === 'HELP') family.help = setOnce(family.help, unescaped(text, isOpen), line);
  else if (key === 'UNIT') family.unit = setOnce(family.unit ?? '', text, line);
  else family.type = setOnce(family.type, text, line);
  if (isOpen && family.type === 'counter') must(!written.endsWith('_total'), `${written} must not end with _total`);
  if (!isOpen && family.type === 'counter') must(written.endsWith('_total'), `${written} must end with _total`);
  return family;
}

function readSample(line: string, family: ParsedFamily | undefined, { isOpen, suffixes }: Grammar): void {
  const [, name, , labelText, value] = /^([^\s{]+)(\{(.*)\})? (\S+)$/.exec(line) ?? [];
  must(name !== undefined && value !== undefined, `not a sample: ${line}`);
  must(NUMBER.test(value), `not a number: ${line}`);
  must(family !== undefined, `${name} has no metadata`);
  must(family.type in suffixes, `${family.name} has no type, or an unknown one: ${family.type}`);
  const base = !isOpen && family.type === 'counter' ? `${family.name}_total` : family.name;
  must(
    suffixes[family.type]!.some((suffix) => name === `${base}${suffix}`),
    `${name} is no sample of ${family.name}`,
  );
  family.samples.push({ name, labels: labelsOf(labelText ?? '', line), value: numberOf(value) });
}

function labelsOf(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const [all, name = '', value = ''] = /^([^=,]+)="((?:[^"\\\n]|\\[\\"n])*)"(?:,(?=.)|$)/.exec(rest) ?? [];
    must(all !== undefined && LABEL.test(name), `not labels: ${line}`);
    must(!(name in labels), `${name} is there twice: ${line}`);
    labels[name] = unescaped(value, true);
    rest = rest.slice(all.length);
  }
  return labels;
}

function check(family: ParsedFamily, { isOpen }: Grammar): void {
  const { name, type, help, unit, samples } = family;
  must(type !== '' && help !== '', `${name} has no type or no help`);
  if (unit !== undefined) must(name.endsWith(`_${unit}`), `${name} must end with its unit ${unit}`);
  const series = samples.map(({ name: of, labels }) => seriesName(of, labels));
  must(new Set(series).size === series.length, `${name} has a series twice`);
  if (type === 'counter')
    must(
      samples.every(({ value }) => value >= 0 && value < Infinity),
      `${name} counts wrongly`,
    );
  if (type !== 'histogram') return;
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _bound, ...labels } = sample.labels;
    const key = JSON.stringify(labels);
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const [labels, group] of groups) checkHistogram(`${name}${labels}`, name, group, isOpen);
}

function checkHistogram(where: string, name: string, samples: Sample[], isOpen: boolean): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => labels.le ?? '');
  must(
    bounds.every((bound) => NUMBER.test(bound)),
    `${where} has buckets without le`,
  );
  if (isOpen)
    must(
      bounds.every((bound) => !/^\d+$/.test(bound)),
      `${where}: le must be a float`,
    );
  must(bounds.at(-1) === '+Inf', `${where} has no +Inf at its end`);
  must(
    isAscending(bounds.map(numberOf), (a, b) => a < b),
    `${where} has bounds out of order`,
  );
  must(
    isAscending(
      buckets.map(({ value }) => value),
      (a, b) => a <= b,
    ),
    `${where} has buckets that decrease`,
  );
  const [sum, count, ...others] = ['_sum', '_count'].map((suffix) =>
    samples.find((one) => one.name === `${name}${suffix}`),
  );
  must(sum !== undefined && count !== undefined && others.length === 0, `${where} has no sum or no count`);
  must(count.value === buckets.at(-1)?.value, `${where}: +Inf is not the count`);
  must(samples.length === buckets.length + 2, `${where} has other samples`);
}

/** A series as one text. The labels are in alphabetical order. */
export function seriesName(name: string, labels: Record<string, string>): string {
  const parts = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${parts.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`;
}

function isAscending(values: number[], isBefore: (a: number, b: number) => boolean): boolean {
  return values.every((value, at) => at === 0 || isBefore(values[at - 1]!, value));
}

function unescaped(text: string, hasQuotes: boolean): string {
  must(!(hasQuotes ? /\\(?![\\"n])/ : /\\(?![\\n])/).test(text.replaceAll('\\\\', '')), `bad escape: ${text}`);
  return text.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function numberOf(text: string): number {
  if (/^[+]?inf$/i.test(text)) return Infinity;
  return /^-inf$/i.test(text) ? -Infinity : Number(text);
}

function setOnce(before: string, value: string, line: string): string {
  must(before === '', `it is there twice: ${line}`);
  return value;
}

function must(isTrue: boolean, message: string): asserts isTrue {
  if (!isTrue) throw new Error(`The metrics are malformed: ${message}`);
}
