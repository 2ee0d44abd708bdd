import { describe, expect, it } from '@jest/globals';
import { parseMetrics } from './exposition-parser.js';

const COUNTER = '# HELP a_total Things.\n# TYPE a_total counter\na_total{b="c"} 1\n';
const OPEN_COUNTER = '# HELP a Things.\n# TYPE a counter\na_total{b="c"} 1\n';

const histogram = (...samples: string[]) =>
  `# HELP h Sizes.\n# TYPE h histogram\n${samples.map((sample) => `${sample}\n`).join('')}`;
const GOOD = ['h_bucket{le="1.0"} 1', 'h_bucket{le="+Inf"} 3', 'h_sum 9.5', 'h_count 3'];

describe('parseMetrics', () => {
  it('gives both formats the same families', () => {
    const families = [
      { name: 'a', type: 'counter', help: 'Things.', samples: [{ name: 'a_total', labels: { b: 'c' }, value: 1 }] },
    ];
    expect(parseMetrics(COUNTER, 'text')).toMatchObject(families);
    expect(parseMetrics(`${OPEN_COUNTER}# EOF\n`, 'open')).toMatchObject(families);
  });

  it('reads escapes, units and special numbers', () => {
    const text =
      '# HELP t_seconds Time.\n# TYPE t_seconds gauge\n# UNIT t_seconds seconds\nt_seconds{x="a\\"\\\\\\n"} +Inf\n# EOF\n';
    expect(parseMetrics(text, 'open')[0]).toMatchObject({
      unit: 'seconds',
      samples: [{ labels: { x: 'a"\\\n' }, value: Infinity }],
    });
  });

  it('reads histograms', () => {
    expect(parseMetrics(histogram(...GOOD), 'text')[0]?.samples).toHaveLength(4);
  });

  it.each([
    ['without a line feed at its end', COUNTER.trimEnd()],
    ['a sample without metadata', 'a_total 1\n'],
    ['no type', '# HELP a_total Things.\na_total 1\n'],
    ['no help', '# TYPE a_total counter\na_total 1\n'],
    ['a type twice', `# TYPE a_total counter\n${COUNTER}`],
    ['metadata behind samples', `${COUNTER}# HELP a_total Again.\n`],
    ['a family in two places', `${COUNTER}# HELP b B.\n# TYPE b gauge\nb 1\n${COUNTER}`],
    ['a series twice', `${COUNTER}a_total{b="c"} 2\n`],
    ['a label twice', COUNTER.replace('b="c"', 'b="c",b="d"')],
    ['a value that is no number', COUNTER.replace(' 1', ' one')],
    ['a bad escape', COUNTER.replace('"c"', String.raw`"\c"`)],
    ['a quote within a label', COUNTER.replace('"c"', '"c"d"')],
    ['a counter without _total', COUNTER.replaceAll('a_total', 'a')],
    ['a counter below 0', COUNTER.replace(' 1', ' -1')],
    ['UNIT in the text format', `# UNIT a_total total\n${COUNTER}`],
    ['stray white space', COUNTER.replace(' 1', ' 1 ')],
  ])('refuses %s', (_, text) => {
    expect(() => parseMetrics(text, 'text')).toThrow('The metrics are malformed');
  });

  it.each([
    ['no # EOF', OPEN_COUNTER],
    ['something behind # EOF', `${OPEN_COUNTER}# EOF\n\n`],
    ['an empty line', `${OPEN_COUNTER}\n# EOF\n`],
    ['_total in the name of a counter', `${COUNTER}# EOF\n`],
    ['a sample of a counter without _total', `${OPEN_COUNTER.replace('a_total', 'a')}# EOF\n`],
    ['a unit that the name lacks', '# HELP t Time.\n# TYPE t gauge\n# UNIT t seconds\nt 1\n# EOF\n'],
    ['a bound that is no float', `${histogram(...GOOD).replace('1.0', '1')}# EOF\n`],
  ])('refuses OpenMetrics with %s', (_, text) => {
    expect(() => parseMetrics(text, 'open')).toThrow('The metrics are malformed');
  });

  it.each([
    ['that decrease', [GOOD[0]!.replace(' 1', ' 4'), ...GOOD.slice(1)]],
    ['out of order', [GOOD[1]!, GOOD[0]!, ...GOOD.slice(2)]],
    ['without +Inf', [GOOD[0]!, ...GOOD.slice(2)]],
    ['whose last is not the count', [...GOOD.slice(0, 3), 'h_count 4']],
    ['without a sum', [...GOOD.slice(0, 2), GOOD[3]!]],
    ['with a sample of its own', [...GOOD, 'h 1']],
  ])('refuses buckets %s', (_, samples) => {
    expect(() => parseMetrics(histogram(...samples), 'text')).toThrow('The metrics are malformed');
  });
});
