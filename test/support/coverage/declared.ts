import type { Engine } from '../../../src/config/config.js';
import {
  isOperation,
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

// In WAL mode readers of SQLite wait for nobody, and a file has no server that could stop. What reads no database is proven on
// one engine, where the files of test/support/runner/one-engine.mjs run.
function enginesOf(declaration: Declaration, code: string | undefined): Engine[] {
  if (isOperation(declaration) && !readsDatabase(declaration)) return ['sqlite'];
  const { method, isProbe } = declaration as Partial<Operation>;
  const isOfServer = code === 'storage-unavailable' && method === 'GET' && !isProbe;
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
  const found = OPERATIONS.find(({ method: offered, path: pattern }) => {
    return offered === asked && new RegExp(`^${pattern.replaceAll(/:\w+/g, '[^/]+')}$`).test(path);
  });
  return found && declares(found, status, code) ? found : outside;
}

// An answer to HEAD shows no code.
function declares(declaration: Declaration, status: number, code: string | undefined): boolean {
  if (code === undefined) return declaration.answers[status] !== undefined;
  return problemsOf(declaration).some(({ type }) => type.status === status && type.code === code);
}
