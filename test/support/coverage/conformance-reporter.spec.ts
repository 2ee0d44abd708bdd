import { describe, expect, it } from '@jest/globals';

interface Result {
  project: string;
  file: string;
  rows: string[];
  status: string;
}
interface Reporter {
  faultsOf: (rows: object[], results: Result[]) => string[];
  pageOf: (rows: object[]) => string;
}
const { faultsOf, pageOf } = (await import(String(new URL('conformance-reporter.mjs', import.meta.url)))) as Reporter;

const ROWS = [
  { number: 'A1', provenBy: 'a.spec.ts' },
  { number: 'A2', provenBy: 'a.spec.ts, b.spec.ts', engine: 'sqlite' },
];
const passed = (engine: string, file: string, ...rows: string[]): Result => ({
  project: `e2e-${engine}`,
  file,
  rows,
  status: 'passed',
});
const ALL = [
  passed('sqlite', 'a.spec.ts', 'A1', 'A2'),
  passed('sqlite', 'b.spec.ts', 'A2'),
  passed('postgres', 'a.spec.ts', 'A1'),
];

describe('the proof of rows', () => {
  it('is a passed test in each file of the row, on each engine of the row', () => {
    expect(faultsOf(ROWS, ALL)).toEqual([]);
  });

  it('fails without a test on an engine', () => {
    expect(faultsOf(ROWS, ALL.slice(0, 2))).toEqual(['A1 has no test on postgres in a.spec.ts']);
  });

  it('fails without a test in one of the files, even if another file has one', () => {
    expect(faultsOf(ROWS, [...ALL.slice(0, 1), ALL[2]!])).toEqual(['A2 has no test on sqlite in b.spec.ts']);
  });

  it.each(['failed', 'pending'])('fails if one of the tests is %s', (status) => {
    const one = { ...passed('sqlite', 'c.spec.ts', 'A1'), status };
    expect(faultsOf(ROWS, [...ALL, one])).toEqual(['A1 has a test on sqlite in c.spec.ts that did not pass']);
  });

  it('is on SQLite alone in a file that no engine can influence', () => {
    const [alone, both] = ['test/e2e/process/signals.spec.ts', 'test/e2e/items/get-item.spec.ts'];
    const row = { number: 'A3', provenBy: `${alone}, ${both}`, request: '', answer: '', section: '' };
    const results = [passed('sqlite', alone, 'A3'), passed('sqlite', both, 'A3'), passed('postgres', both, 'A3')];
    expect(faultsOf([row], results)).toEqual([]);
    expect(faultsOf([row], results.slice(1))).toEqual([`A3 has no test on sqlite in ${alone}`]);
    expect(faultsOf([row], results.slice(0, 2))).toEqual([`A3 has no test on postgres in ${both}`]);
    expect(pageOf([row])).toContain('| sqlite, postgres |');
    expect(pageOf([{ ...row, provenBy: alone }])).toContain('| sqlite, for both |');
    expect(pageOf([{ ...row, provenBy: alone, engine: 'sqlite' }])).toContain('| sqlite |');
  });

  it('fails if a title names a row that does not exist', () => {
    expect(faultsOf(ROWS, [...ALL, passed('sqlite', 'c.spec.ts', 'Z9')])).toEqual(['Z9, in c.spec.ts, is no row']);
  });
});
