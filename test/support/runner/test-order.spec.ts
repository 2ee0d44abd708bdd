import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

type Seconds = Record<string, number>;
type Test = { path: string; context: object };

const {
  default: TestOrder,
  COMPUTING,
  WAITING,
} = (await import(String(new URL('test-order.mjs', import.meta.url)))) as {
  default: new (options: object) => { sort(tests: Test[]): Test[] };
  COMPUTING: Seconds;
  WAITING: Seconds;
};
const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

it.each(Object.keys({ ...WAITING, ...COMPUTING }))('%s exists', (name) => {
  expect(existsSync(join(PROJECT, name))).toBe(true);
});

it('files begin longest first, beside each that waits others for twice as long', () => {
  const [first, second, third] = longestOf(WAITING);
  const computing = longestOf(COMPUTING).at(-1)!;
  const others = Array.from({ length: 200 }, (_, index) => `test/e2e/other-${index}.spec.ts`);
  const besideFirst = 2 * WAITING[first]! - COMPUTING[computing]!;
  const besideSecond = besideFirst + 2 * WAITING[second]!;
  expect(orderOf([third, ...others, second, computing, first])).toEqual([
    first,
    computing,
    ...others.slice(0, besideFirst),
    second,
    ...others.slice(besideFirst, besideSecond),
    third,
    ...others.slice(besideSecond),
  ]);
});

function longestOf(seconds: Seconds): [string, string, string, ...string[]] {
  const names = Object.keys(seconds).toSorted((one, other) => seconds[other]! - seconds[one]!);
  return names as [string, string, string, ...string[]];
}

function orderOf(names: string[]): string[] {
  // Without an earlier run, Jest begins with the largest.
  const context = { config: { id: 'no-earlier-run', cacheDirectory: tmpdir() }, hasteFS: { getSize: sizeOf } };
  const sequencer = new TestOrder({ contexts: [context], globalConfig: {} });
  return sequencer
    .sort(names.map((name) => ({ path: join(PROJECT, name), context })))
    .map(({ path }) => path.slice(PROJECT.length));
}

function sizeOf(path: string): number {
  return 1_000 - Number(/-(\d+)/.exec(path)?.[1] ?? 0);
}
