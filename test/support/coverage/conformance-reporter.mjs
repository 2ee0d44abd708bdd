import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFullRun } from './answers-reporter.mjs';

const PAGE = 'docs/conformance.md';
const ENGINES = { sqlite: 'e2e-sqlite', postgres: 'e2e-postgres' };

/**
 * Jest reporter. After a full run every row must be proven on each engine where it can happen: by tests that have its number
 * in brackets in their titles, and that all passed. A test that asserts nothing fails (native-environment.cjs).
 * docs/conformance.md must say the same (CONFORMANCE=write writes it).
 */
export default class ConformanceReporter {
  results = [];

  constructor(globalConfig) {
    this.globalConfig = globalConfig;
  }

  onTestResult(test, { testResults }) {
    const project = test.context.config.displayName?.name;
    for (const { fullName, status } of testResults) this.results.push({ project, fullName, status });
  }

  onRunComplete(contexts) {
    const rowsFile = join(process.env.ANSWERS_FOLDER, 'rows.json');
    if (!isFullRun(this.globalConfig, contexts) || !existsSync(rowsFile)) return;
    const rows = JSON.parse(readFileSync(rowsFile, 'utf8')).map((row) => ({ ...row, engines: this.enginesOf(row) }));
    const unproven = rows.filter(({ engine, engines }) => {
      return !(engine ? [engine] : Object.keys(ENGINES)).every((one) => engines.includes(one));
    });
    if (unproven.length > 0) {
      this.error = new Error(
        `Rows without a passing test on each engine where they can be proven: ${unproven.map((row) => row.number).join(', ')}`,
      );
    } else if (process.env.CONFORMANCE === 'write') {
      writeFileSync(PAGE, pageOf(rows));
    } else if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== pageOf(rows)) {
      this.error = new Error(`${PAGE} is stale: run npm run conformance`);
    }
    if (this.error) process.stderr.write(`${this.error.message}\n`);
    else process.stdout.write(`Every row was proven on each engine where it can be: ${rows.length} rows.\n`);
  }

  getLastError() {
    return this.error;
  }

  enginesOf({ number }) {
    return Object.entries(ENGINES)
      .filter(([, project]) => {
        const tests = this.results.filter((one) => one.project === project && one.fullName.includes(`[${number}]`));
        return tests.length > 0 && tests.every(({ status }) => status === 'passed');
      })
      .map(([engine]) => engine);
  }
}

function pageOf(rows) {
  const lines = rows.map(({ number, request, answer, section, engines }) =>
    [number, cell(request), cell(answer), cell(section), engines.join(', ')].join(' | '),
  );
  return `# Conformance

<!-- Written by \`npm run conformance\` from test/conformance/rows.ts and the tests that passed. -->

What the service promises about HTTP, and on which engines the tests proved it. The tests that prove a row have its number in
their titles: \`npm run jest -- -t '\\[E4\\]'\` runs those of row E4. Sections without a document are of RFC 9110; *own* is a
decision of this service where the RFCs leave one. Promises about features that do not exist yet are not here.

| row | request | answer | section | proven on |
| --- | --- | --- | --- | --- |
${lines.map((line) => `| ${line} |`).join('\n')}
`;
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}
