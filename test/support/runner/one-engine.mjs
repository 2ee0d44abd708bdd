/**
 * Files of test/e2e/ whose services have no database: they start with startWithoutDatabase(), and each query would fail. So no engine can
 * influence their answers.
 */
export const BEFORE_DATABASE = [
  'contract/watch.spec.ts',
  'http/json-text.spec.ts',
  'http/rehearsal.spec.ts',
  'load/loop-delay.spec.ts',
  'reference/kept-content.spec.ts',
  'wire/early-answers.spec.ts',
  'wire/head-limits.spec.ts',
  'wire/refused-messages.spec.ts',
];

/**
 * Files of test/e2e/ that run only on SQLite. The engine can't influence what they assert: what a browser shows, pages made
 * from the declarations, what comes before a database, bounds of memory, and settings, signals, log and files of a process. Those that store an item do it
 * only to see that a sound request is carried out and a refused one is not. The reporters of test/support/coverage/ know it: answers
 * outside operations and of operations that read no database must be asserted on SQLite alone, and rows are proven there by these files.
 * Any other answer, and each other row, must be proven on both engines by other files.
 */
export const ON_ONE_ENGINE = [
  ...BEFORE_DATABASE,
  'access/json-web-tokens.spec.ts',
  'access/remembered-keys.spec.ts',
  'browsers/cors.spec.ts',
  'browsers/hosts.spec.ts',
  'browsers/web-pages.spec.ts',
  'contract/openapi-refusals.spec.ts',
  'http/content.spec.ts',
  'http/methods.spec.ts',
  'http/order-before-database.spec.ts',
  'load/main-thread-of-refusals.spec.ts',
  'load/memory-of-http.spec.ts',
  'load/slow-callers.spec.ts',
  'machine/unread-log.spec.ts',
  'process/bundle.spec.ts',
  'process/request-log.spec.ts',
  'process/settings.spec.ts',
  'process/signals.spec.ts',
  'reference/browser.spec.ts',
  'reference/docs.spec.ts',
  'reference/index.spec.ts',
  'reference/problem-pages.spec.ts',
  'reference/swagger-ui.spec.ts',
  'wire/empty-chunks.spec.ts',
  'wire/message.spec.ts',
  'wire/smuggling.spec.ts',
  'wire/time-limits.spec.ts',
  'wire/upgrade.spec.ts',
];
