/** Files of test/e2e/ that `npm run test:long` runs, with the larger of their sizes (sized() in test-size.ts). */
export const LONG_TESTS = [
  'access/json-web-tokens.spec.ts',
  'access/rotation.spec.ts',
  'backup/refused-backups.spec.ts',
  'batch/single-requests.spec.ts',
  'changes/kills.spec.ts',
  'contract/openapi-requests.spec.ts',
  'load/batches.spec.ts',
  'load/main-thread.spec.ts',
  'load/max-waiting.spec.ts',
  'load/memory-of-http.spec.ts',
  'load/memory.spec.ts',
  'load/overload.spec.ts',
  'metrics/exposition.spec.ts',
  'process/batches.spec.ts',
  'process/kill.spec.ts',
  'process/rolling-restart.spec.ts',
];
