const asyncHooks = require('node:async_hooks');
const { readFileSync } = require('node:fs');
const { createRequire, register } = require('node:module');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { compileFunction } = require('node:vm');
const { default: JestRuntime } = require('jest-runtime');
const { transpiled } = require('../../../scripts/transpile.cjs');

register('./loader-hooks.mjs', pathToFileURL(__filename));

const isWorker = process.send !== undefined;
// Clearing the heap of a worker takes longer than the 500 ms that Jest waits. 'beforeExit' comes only when nothing is left open, so
// Jest still reports what a test left open.
if (isWorker) process.on('beforeExit', () => process.exit());

let filesLoaded = 0;

/**
 * Jest's runtime without Jest's module system: Node loads tests and source. Node never frees modules of a VM context
 * (nodejs/node#33439), so a worker that makes a context for each test file grows by 40 MB a file, and loads everything
 * again. Here the test files of a worker share the modules that they import, for one run. A test file itself is always loaded
 * again. Uses three methods of Jest's runtime that are not public, so Jest's version is exact.
 */
class NativeRuntime extends JestRuntime {
  #project;

  constructor(...parameters) {
    super(...parameters);
    const [config] = parameters;
    const { watch, watchAll } = parameters.at(-1);
    if ((watch || watchAll) && !isWorker) throw new Error('--watch with --runInBand would test modules as they were');
    this.#project = config.displayName.name;
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    filesLoaded += 1;
    await import(`${pathToFileURL(path).href}?project=${this.#project}&file=${filesLoaded}`);
  }

  // jest-circus keeps its state in its modules, so each file gets new ones. They make their storage when they are loaded.
  requireInternalModule(path) {
    const own = Object.getOwnPropertyDescriptor(asyncHooks, 'AsyncLocalStorage');
    Object.defineProperty(asyncHooks, 'AsyncLocalStorage', { value: RunningTest, configurable: true });
    try {
      return newModule(path);
    } finally {
      Object.defineProperty(asyncHooks, 'AsyncLocalStorage', own);
    }
  }

  setGlobalsForRuntime(globals) {
    super.setGlobalsForRuntime(globals);
    globalThis[Symbol.for('items.jestGlobals')] = { ...globals, jest: this.jestGlobals.jestObjectFor(this.#project) };
  }

  getSourceMaps() {
    return sourceMaps;
  }
}

/** How to run CommonJS modules, by path. */
const compiled = new Map();

/** Loads a CommonJS module again. It is compiled once, which takes longer than to run it. */
function newModule(path) {
  if (!compiled.has(path)) compiled.set(path, compile(path));
  return compiled.get(path)();
}

function compile(path) {
  const run = compileFunction(readFileSync(path, 'utf8'), ['exports', 'require', 'module'], { filename: path });
  const requireThere = createRequire(path);
  return () => {
    const made = { exports: {} };
    run(made.exports, requireThere, made);
    return made.exports;
  };
}

/**
 * Where jest-circus keeps the running test or hook, to know whose an uncaught error is. Its own AsyncLocalStorage makes Node before 24
 * follow every promise, once for each test file that ran before. Tests of a file run one after another, so a member does.
 */
class RunningTest {
  #running;

  getStore() {
    return this.#running;
  }

  async run(running, work) {
    const outer = this.#running;
    this.#running = running;
    try {
      return await work();
    } finally {
      this.#running = outer;
    }
  }
}

/** The part of a Map that Jest reads: the source map of each module, by its URL. */
const sourceMaps = {
  get: (url) => (/^file:.*\.ts(\?|$)/.test(url) ? transpiled(fileURLToPath(url)).mapFile : undefined),
  [Symbol.iterator]: () => [][Symbol.iterator](),
};

module.exports = NativeRuntime;
