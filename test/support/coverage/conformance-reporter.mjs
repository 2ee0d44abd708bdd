import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ON_ONE_ENGINE } from '../runner/one-engine.mjs';
import proof from '../runner/proof.cjs';
import { isFullRun } from './answers-reporter.mjs';

const { rowsIn } = proof;

const PAGE = 'docs/conformance.md';
const ENGINES = { sqlite: 'e2e-sqlite', postgres: 'e2e-postgres' };

/** Where the exchanges of rows are played. */
const PLAYED_IN = 'test/e2e/contract/conformance.spec.ts';

const ON_SQLITE_ALONE = new Set(ON_ONE_ENGINE.map((name) => `test/e2e/${name}`));

/**
 * Jest reporter. After a full run every row must be proven on each engine where it can happen. It is proven by tests that have
 * its number in brackets in their titles: at least one in each file that the row names, and all of them passed. Files that no
 * engine can influence (runner/one-engine.mjs) prove it on SQLite alone. A test that proves less than its title says fails
 * (runner/proof.cjs). docs/conformance.md must say the same (CONFORMANCE=write writes it).
 */
export default class ConformanceReporter {
  results = [];

  constructor(globalConfig) {
    this.globalConfig = globalConfig;
  }

  onTestResult(test, { testResults }) {
    const { displayName, rootDir } = test.context.config;
    const file = relative(rootDir, test.path);
    for (const { fullName, status } of testResults) {
      this.results.push({ project: displayName?.name, file, rows: rowsIn(fullName), status });
    }
  }

  onRunComplete(contexts) {
    const rowsFile = join(process.env.ANSWERS_FOLDER, 'rows.json');
    if (!isFullRun(this.globalConfig, contexts) || !existsSync(rowsFile)) return;
    const rows = JSON.parse(readFileSync(rowsFile, 'utf8'));
    const faults = faultsOf(rows, this.results);
    const page = pageOf(rows);
    if (faults.length > 0) {
      this.error = new Error(`The rows of the conformance list are not proven:\n  ${faults.join('\n  ')}`);
    } else if (process.env.CONFORMANCE === 'write') {
      writeFileSync(PAGE, page);
    } else if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== page) {
      this.error = new Error(`${PAGE} is stale: run npm run conformance`);
    }
    if (this.error) process.stderr.write(`${this.error.message}\n`);
    else process.stdout.write(`Every row was proven on each engine where it can be: ${rows.length} rows.\n`);
  }

  getLastError() {
    return this.error;
  }
}

/** Why the results of a full run don't prove the rows. A result: the project, file, rows in the title and status of a test. */
export function faultsOf(rows, results) {
  const known = new Set(rows.map(({ number }) => number));
  const strange = results.flatMap(({ file, rows: named }) =>
    named.filter((number) => !known.has(number)).map((number) => `${number}, in ${file}, is no row`),
  );
  const unproven = rows.flatMap((row) =>
    enginesOf(row).flatMap((engine) => {
      const tests = results.filter((one) => one.project === ENGINES[engine] && one.rows.includes(row.number));
      const missing = filesOf(row, engine).filter((file) => !tests.some((one) => one.file === file));
      const failed = tests.filter(({ status }) => status !== 'passed').map(({ file }) => file);
      return [
        ...missing.map((file) => `${row.number} has no test on ${engine} in ${file}`),
        ...[...new Set(failed)].map((file) => `${row.number} has a test on ${engine} in ${file} that did not pass`),
      ];
    }),
  );
  return [...new Set(strange), ...unproven];
}

function enginesOf({ engine }) {
  return engine ? [engine] : Object.keys(ENGINES);
}

// The files whose tests prove a row on this engine.
function filesOf({ provenBy = PLAYED_IN }, engine) {
  return provenBy.split(', ').filter((file) => engine === 'sqlite' || !ON_SQLITE_ALONE.has(file));
}

function proofOf(row) {
  if (row.engine) return row.engine;
  return filesOf(row, 'postgres').length > 0 ? 'sqlite, postgres' : 'sqlite, for both';
}

/** The page docs/conformance.md. */
export function pageOf(rows) {
  const lines = rows.map((row) =>
    [row.number, cell(row.request), cell(row.answer), cell(row.section), proofOf(row)].join(' | '),
  );
  return `# Conformance

<!-- Written by \`npm run conformance\` from test/conformance/rows.ts and the tests that passed. -->

What the service promises about HTTP, and on which engines the tests proved it. The tests that prove a row have its number in
their titles: \`npm run jest -- -t '\\[E4\\]'\` runs those of row E4. *sqlite, for both* is what no engine can influence: its
tests run on SQLite alone. Sections without a document are of RFC 9110; *own* is a
decision of this service where the RFCs leave one. Promises about features that do not exist yet are not here.

| row | request | answer | section | proven on |
| --- | --- | --- | --- | --- |
${lines.map((line) => `| ${line} |`).join('\n')}
`;
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}
