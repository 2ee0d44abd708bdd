import type { Engine } from '../../../src/config/config.js';
import {
  isOperation,
  isRead,
  problemsOf,
  successesOf,
  type Declaration,
  type Operation,
} from '../../../src/contract/operation.js';
import { outside } from '../../../src/http/outside.js';
import { OPERATIONS } from '../../../src/operations.js';

/** One declared answer, and the engines on which tests must provoke it. */
interface DeclaredAnswer {
  operation: string;
  status: number;
  code?: string;
  engines: Engine[];
}

/** Every answer of every declaration. */
export function declaredAnswers(): DeclaredAnswer[] {
  return [...OPERATIONS, outside].flatMap((declaration) => [
    ...successesOf(declaration).map(([status]) => answerOf(declaration, status)),
    ...problemsOf(declaration).map(({ type }) => answerOf(declaration, type.status, type.code)),
  ]);
}

function answerOf(declaration: Declaration, status: number, code?: string): DeclaredAnswer {
  return { operation: declaration.id, status, code, engines: enginesOf(declaration, code) };
}

// In WAL mode readers of SQLite wait for nobody, and a file has no server that could stop. What reads no database, as all answers outside
// operations, is proven on one engine, where the files of test/support/runner/one-engine.mjs run.
function enginesOf(declaration: Declaration, code: string | undefined): Engine[] {
  if (!isOperation(declaration) || !readsDatabase(declaration)) return ['sqlite'];
  const isOfServer = code === 'storage-unavailable' && isRead(declaration) && !declaration.isProbe;
  return isOfServer ? ['postgres'] : ['sqlite', 'postgres'];
}

function readsDatabase(operation: Operation): boolean {
  return problemsOf(operation).some(({ type }) => type.code === 'storage-unavailable');
}

/**
 * The declaration of an answer: that of the operation with this method and path, otherwise the one outside operations. The
 * parser's refusals are outside too, whatever the request was for.
 */
export function declarationOf(method: string, target: string, status: number, code?: string): Declaration {
  const path = target.split('?', 1)[0] ?? '';
  const asked = method === 'HEAD' ? 'GET' : method;
  const found = KNOWN.find(({ operation, pattern }) => operation.method === asked && pattern.test(path));
  // An answer to HEAD shows no code.
  const declares = code === undefined ? found?.operation.answers[status] : found?.problems.has(`${status} ${code}`);
  return found && declares ? found.operation : outside;
}

/** Each operation with the pattern of its paths and its problems, as `404 item-not-found`. */
const KNOWN = OPERATIONS.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replaceAll(/:\w+/g, '[^/]+')}$`),
  problems: new Set(problemsOf(operation).map(({ type }) => `${type.status} ${type.code}`)),
}));
