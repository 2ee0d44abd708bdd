/**
 * Files of test/e2e/ that run on SQLite alone: no engine can influence what they assert, which is what a browser shows and
 * what pages say that are made from the declarations. The reporters of test/support/coverage/ ask nothing less because of
 * them: each row and each declared answer must be proven on both engines by other files.
 */
export const ON_ONE_ENGINE = ['browser.spec.ts', 'problem-pages.spec.ts', 'swagger-ui.spec.ts'];
