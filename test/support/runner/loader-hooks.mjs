// Module hooks of Node (node:module, register): they load TypeScript, and give each project its own instances of test modules.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import transpile from '../../../scripts/transpile.cjs';

const GLOBALS = new URL('./jest-globals.mjs', import.meta.url).href;
const TESTS = new URL('../../', import.meta.url).href;

/** Modules of `test/` that depend on no engine, and take long to make what they keep: one instance for all projects. */
const FOR_ALL_PROJECTS = [
  'http-lint/http-lint.ts',
  'openapi/openapi-answers.ts',
  'openapi/openapi-document.ts',
  'tokens/signing-key.ts',
].map((path) => `${TESTS}support/${path}`);

/**
 * Packages that are not installed. Nest looks for them each time a service starts, and to find nothing takes longer than to load an empty
 * module, which it remembers.
 */
const NOT_INSTALLED = /^@nestjs\/(?:microservices|platform-express|websockets)(?:\/|$)/;
const EMPTY = { url: 'data:text/javascript,', shortCircuit: true };

/**
 * A test file is loaded with the query `?project=…`. What it imports from `test/` gets the query too: it may depend on the
 * engine, so each project has its own instances.
 */
export async function resolve(specifier, context, nextResolve) {
  if (specifier === '@jest/globals') return { url: GLOBALS, shortCircuit: true };
  if (NOT_INSTALLED.test(specifier)) return EMPTY;
  const parent = context.parentURL ?? '';
  const resolved = await nextResolve(asTypescript(specifier, parent), context);
  const project = parent.startsWith('file:') && new URL(parent).searchParams.get('project');
  // A URL has its query already if these hooks are registered twice: in a run without workers, by the global set-up too.
  if (!project || !resolved.url.startsWith(TESTS) || resolved.url.includes('?')) return resolved;
  if (FOR_ALL_PROJECTS.includes(resolved.url)) return resolved;
  return { ...resolved, url: `${resolved.url}?project=${project}` };
}

export async function load(url, context, nextLoad) {
  const path = url.startsWith('file:') ? fileURLToPath(url) : '';
  if (!path.endsWith('.ts')) return nextLoad(url, context);
  return { format: 'module', source: transpile.transpiled(path).code, shortCircuit: true };
}

// TypeScript names the file that the compiler would write.
function asTypescript(specifier, parent) {
  if (!/^\.{1,2}\/.*\.js$/.test(specifier) || !parent.startsWith('file:')) return specifier;
  const typescript = specifier.replace(/\.js$/, '.ts');
  return existsSync(fileURLToPath(new URL(typescript, parent))) ? typescript : specifier;
}
