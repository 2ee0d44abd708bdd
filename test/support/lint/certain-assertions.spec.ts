import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const OXLINT = fileURLToPath(new URL('../../../node_modules/oxlint/bin/oxlint', import.meta.url));
const PLUGIN = fileURLToPath(new URL('./certain-assertions.mjs', import.meta.url));

const SKIPPED = 'This assertion does not run if its subject is missing.';
const HELD = 'This assertion holds if its subject is missing.';
const OTHER = 'This assertion is about another value if its subject is missing.';

const CASES: [code: string, messages: string[]][] = [
  ['answer.expect(200)', []],
  ['service?.close()', []],
  ['answer.expect(200).headers.etag?.split("-")', []],
  ['expect(answer?.text).toBe("")', []],
  ['expect(text(answer?.content)).not.toBe("")', []],
  ['answer?.expect(200)', [SKIPPED]],
  ['answer.expect?.(200)', [SKIPPED]],
  ['answers[0]?.expect(200).json.name', [SKIPPED]],
  ['answers?.at(-1)!.expect(200)', [SKIPPED]],
  ['expect(answers.at(-1)?.expect(200).text).toBe("")', [SKIPPED]],
  ['const { text } = answers.at(-1)?.expect(200) ?? {}', [SKIPPED]],
  ['expect(1)?.toBe(1)', []],
  ['expect(answer?.headers.etag).not.toBe("x")', [HELD]],
  ['expect(answer?.headers.etag).toBeUndefined()', [HELD]],
  ['expect(answer?.headers.etag).toBeFalsy()', [HELD]],
  ['expect(answer?.headers.etag).toBe(undefined)', [HELD]],
  ['expect(answer?.headers.etag).toEqual(undefined)', [HELD]],
  ['expect(answer?.headers.etag).toStrictEqual(undefined)', [HELD]],
  ['expect(answer?.headers.etag as string).toBe(undefined)', [HELD]],
  ['expect(answer?.headers.etag!).not.toBe("x")', [HELD]],
  ['expect(answer.headers.etag).toBe(undefined)', []],
  ['expect(answer?.headers.etag).toEqual(text)', []],
  ['expect(answer.headers.etag ?? "").toBe("")', [OTHER]],
  ['expect((answer.json ?? {}).name).toBe("x")', [OTHER]],
  ['expect(isA || isB).toBe(true)', []],
  ['(answers[0] ?? other).expect(200)', [OTHER]],
  ['(await api.get(answer.headers.location ?? "")).expect(200)', []],
  ['answer.expect(first.status ?? 200)', []],
];

describe('the rule about assertions', () => {
  let folder: string;
  let found: { message: string; labels: [{ span: { line: number } }] }[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'items-lint-'));
    const file = join(folder, 'cases.ts');
    writeFileSync(file, CASES.map(([code]) => code).join(';\n'));
    const config = join(folder, 'oxlintrc.json');
    const rules = { 'certain-assertions/no-optional-subject': 'error' };
    writeFileSync(
      config,
      JSON.stringify({ plugins: [], jsPlugins: [PLUGIN], categories: { correctness: 'off' }, rules }),
    );
    const { stdout } = spawnSync(process.execPath, [OXLINT, '--config', config, '--format', 'json', file], {
      encoding: 'utf8',
    });
    found = JSON.parse(stdout).diagnostics;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(CASES)('%s: %j', (code, messages) => {
    const line = CASES.findIndex(([other]) => other === code) + 1;
    expect(found.filter(({ labels }) => labels[0].span.line === line).map(({ message }) => message)).toEqual(messages);
  });
});
