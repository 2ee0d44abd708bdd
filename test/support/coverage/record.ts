import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../../src/config/config.js';
import { declarationOf, declaredAnswers } from './declared.js';

declare const ENGINE: Engine;

// Set by jest.config.js for all workers. The reporters read the folder after the run.
const folder = process.env.ANSWERS_FOLDER;
if (folder) writeFileSync(join(folder, 'declared.json'), JSON.stringify(declaredAnswers()));

/** What is in the file of this process. */
const written = new Set<string>();
let noted = 0;

/** How many asserted answers this process has noted. */
export function notedAnswers(): number {
  return noted;
}

/** Notes that a test asserted this answer. The file of the process has each answer once. */
export function recordAssertion(method: string, target: string, status: number, code: string | undefined): void {
  noted += 1;
  if (!folder) return;
  const operation = declarationOf(method, target, status, code).id;
  const line = JSON.stringify({ operation, status, code, engine: ENGINE });
  if (written.has(line)) return;
  written.add(line);
  appendFileSync(join(folder, `asserted-${process.pid}.jsonl`), `${line}\n`);
}
