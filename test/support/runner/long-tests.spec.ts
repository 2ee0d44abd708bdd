import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const { LONG_TESTS } = (await import(String(new URL('long-tests.mjs', import.meta.url)))) as { LONG_TESTS: string[] };
const FOLDER = fileURLToPath(new URL('../../e2e/', import.meta.url));

it('npm run test:long runs exactly the files that have a larger size', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.spec.ts'));
  const withSizes = files.filter((name) => readFileSync(`${FOLDER}${name}`, 'utf8').includes('/test-size.js'));
  expect(withSizes.sort()).toEqual(LONG_TESTS.toSorted());
});
