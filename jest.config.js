import { availableParallelism } from 'node:os';
import { LONG_TESTS } from './test/support/runner/long-tests.mjs';
import { ON_ONE_ENGINE } from './test/support/runner/one-engine.mjs';
import { makeRunFolder } from './test/support/runner/run-folder.mjs';

/** Of `npm run test:long`. */
const isLong = process.env.TEST_SIZE === 'long';

/** What all projects share: Node loads tests and source (test/support/runner/). Only `tsc --noEmit` checks types. */
const loadedByNode = {
  runtime: '<rootDir>/test/support/runner/native-runtime.cjs',
  testEnvironment: '<rootDir>/test/support/runner/native-environment.cjs',
  transform: {},
  // Only for --watch, which looks for the tests of changed files.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
};

/**
 * One suite for both engines, with AUTH=off on SQLite, and on PostgreSQL with AUTH=required and a key in every call, unless a test says
 * otherwise. TEST_AUTH says which one for both.
 */
const endToEnd = (engine, auth) => ({
  ...loadedByNode,
  displayName: `e2e-${engine}`,
  testMatch: (isLong ? LONG_TESTS : ['**/*.spec.ts']).map((name) => `<rootDir>/test/e2e/${name}`),
  globals: { ENGINE: engine, AUTH: process.env.TEST_AUTH ?? auth },
});

const unit = {
  ...loadedByNode,
  displayName: 'unit',
  testMatch: ['src', 'test/support', 'test/repository'].map((folder) => `<rootDir>/${folder}/**/*.spec.ts`),
};

// Where tests note the answers that they assert, for the reporters of this run.
process.env.ANSWERS_FOLDER = makeRunFolder();

export default {
  // One more than cores, since tests spend half of the time waiting for their services.
  maxWorkers: availableParallelism() + 1,
  // Node never frees modules, so a worker grows with each file. One that has more heap than this is replaced.
  workerIdleMemoryLimit: '300MB',
  reporters: [
    'default',
    '<rootDir>/test/support/coverage/answers-reporter.mjs',
    '<rootDir>/test/support/coverage/conformance-reporter.mjs',
  ],
  testSequencer: '<rootDir>/test/support/runner/test-order.mjs',
  // In milliseconds, so that only what hangs is late on a busy machine. Here because Jest ignores it in a project.
  testTimeout: 60_000,
  projects: [
    ...(isLong ? [] : [unit]),
    { ...endToEnd('sqlite', 'off'), globalSetup: '<rootDir>/test/support/runner/global-setup.mjs' },
    {
      ...endToEnd('postgres', 'required'),
      testPathIgnorePatterns: ON_ONE_ENGINE.map((name) => `<rootDir>/test/e2e/${name}`),
      // Jest runs these only when a test of this project is to run, so other runs start no server.
      globalSetup: '<rootDir>/test/support/postgres/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/postgres/global-teardown.mjs',
    },
  ],
};
