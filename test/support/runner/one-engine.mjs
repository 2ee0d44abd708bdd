/**
 * Files of test/e2e/ that run only on SQLite. The engine can't influence what they assert: what a browser shows, pages made
 * from the declarations, bounds of what comes before a database, and settings, signals, log and files of a process. The reporters of
 * test/support/coverage/ know it: answers of operations that read no database must be asserted on SQLite alone. Any other answer, and
 * each row, must be proven on both engines by other files.
 */
export const ON_ONE_ENGINE = [
  'browsers/web-pages.spec.ts',
  'load/main-thread-of-refusals.spec.ts',
  'load/memory-of-http.spec.ts',
  'process/bundle.spec.ts',
  'process/request-log.spec.ts',
  'process/settings.spec.ts',
  'process/signals.spec.ts',
  'reference/browser.spec.ts',
  'reference/problem-pages.spec.ts',
  'reference/swagger-ui.spec.ts',
];
