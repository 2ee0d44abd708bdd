import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Jest reporter. Compares the asserted answers with the declared ones. An answer that is declared but was not asserted on an
 * engine where it can occur fails a full run. After a partial run these answers are only counted.
 */
export default class AnswersReporter {
  constructor(globalConfig) {
    this.globalConfig = globalConfig;
  }

  onRunComplete(contexts) {
    const folder = process.env.ANSWERS_FOLDER;
    const missing = missingAnswers(folder);
    if (missing === undefined) return;
    if (!isFullRun(this.globalConfig, contexts)) {
      process.stdout.write(`Declared answers that this partial run did not assert: ${missing.length}\n`);
    } else if (missing.length > 0) {
      this.error = new Error(`Declared, but asserted by no test:\n  ${missing.join('\n  ')}`);
      process.stderr.write(`${this.error.message}\n`);
    } else {
      process.stdout.write('Every declared answer was asserted on every engine where it can occur.\n');
    }
  }

  getLastError() {
    return this.error;
  }
}

/** Whether everything ran: no file, name, project or shard was selected. */
export function isFullRun({ testNamePattern, testPathPatterns, onlyChanged, shard }, contexts) {
  return !testNamePattern && !onlyChanged && !shard && testPathPatterns.patterns.length === 0 && contexts.size === 3;
}

function missingAnswers(folder) {
  const files = readdirSync(folder);
  if (!files.includes('declared.json')) return undefined;
  const declared = JSON.parse(readFileSync(join(folder, 'declared.json'), 'utf8'));
  const lines = files.filter((name) => name.startsWith('asserted-')).flatMap((name) => linesOf(join(folder, name)));
  const asserted = new Set(lines.map((line) => keyOf(JSON.parse(line))));
  return declared
    .flatMap(({ engines, ...answer }) => engines.map((engine) => keyOf({ ...answer, engine })))
    .filter((key) => !asserted.has(key));
}

function keyOf({ operation, status, code, engine }) {
  return `${operation} ${status}${code ? ` ${code}` : ''} on ${engine}`;
}

function linesOf(path) {
  return readFileSync(path, 'utf8').trim().split('\n');
}
