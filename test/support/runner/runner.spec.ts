import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const JEST = fileURLToPath(new URL('../../../node_modules/jest/bin/jest.js', import.meta.url));

/** The settings of jest.config.js for this runner, to run its fixtures in one process. */
const CONFIG = {
  rootDir: fileURLToPath(new URL('./', import.meta.url)),
  runtime: '<rootDir>/native-runtime.cjs',
  testEnvironment: '<rootDir>/native-environment.cjs',
  displayName: 'fixtures',
  testMatch: ['<rootDir>/fixtures/*.fixture.ts'],
  transform: {},
};

describe('the runner of the tests', () => {
  const { stderr } = spawnSync(
    process.execPath,
    [JEST, '--runInBand', '--verbose', `--config=${JSON.stringify(CONFIG)}`],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, NO_COLOR: '1' },
    },
  );

  it('files of a project share modules, but no timers and mocks', () => {
    expect(stderr).toContain('✓ is visitor 1');
    expect(stderr).toContain('✓ is visitor 2');
  });

  it('a test that asserts nothing fails, even if hooks assert', () => {
    expect(stderr).toMatch(/● fails where only a hook asserts\s+The test asserted nothing\./);
  });

  it('a test is reported once, also if other files ran before it', () => {
    expect(stderr.match(/● fails where only a hook asserts/g)).toHaveLength(1);
  });

  it('a test that fails fails the run, and its line is that of the TypeScript file', () => {
    expect(stderr).toMatch(/> 10 \|   expect\(here\.line\)\.toBe\(0\);/);
    expect(stderr).toMatch(/at Object\.<anonymous> \(fixtures\/broken\.fixture\.ts:10:21\)/);
    expect(stderr).toContain('Tests:       2 failed, 2 passed, 4 total');
  });
});
