/** Files of test/e2e/ that `npm run test:long` runs, with the larger of their sizes (sized() in test-size.ts). */
export const LONG_TESTS = [
  'backup/refused-backups.spec.ts',
  'changes/kills.spec.ts',
  'process/batches.spec.ts',
  'process/kill.spec.ts',
  'process/rolling-restart.spec.ts',
];
