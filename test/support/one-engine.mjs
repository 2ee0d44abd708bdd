/**
 * Files of test/e2e/ that run only on SQLite. The engine can't influence what they assert: what a browser shows, and pages made
 * from the declarations. The reporters of test/support/coverage/ make no exception: other files must prove each row and each
 * declared answer on both engines.
 */
export const ON_ONE_ENGINE = ['browser.spec.ts', 'problem-pages.spec.ts', 'swagger-ui.spec.ts'];
