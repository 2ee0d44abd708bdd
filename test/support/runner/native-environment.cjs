const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
const { getHeapStatistics, setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const { flawOf, rowsIn, START } = require('./proof.cjs');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/**
 * A worker with a larger heap collects garbage after a test file: Jest replaces one that has more than 300 MB, garbage included
 * (workerIdleMemoryLimit). Not after every file, since that takes 0.2 s.
 */
const LARGE_HEAP_BYTES = 270 * 1024 * 1024;

/**
 * Jest's environment of a test file, without a VM context: tests use the globals of the worker. A test that proves
 * less than its title says fails.
 */
class NativeEnvironment {
  constructor({ projectConfig }) {
    this.global = globalThis;
    // Unit tests name rows, but prove none: a row is proven on an engine.
    this.provesRows = 'ENGINE' in projectConfig.globals;
    this.restore = restorer(projectConfig.globals);
    Object.assign(globalThis, projectConfig.globals);
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    this.restore();
    // jest-circus keeps its handlers on the globals, and would add those of the next file to them. It also keeps its tests there for ever.
    delete globalThis[Symbol.for('EVENT_HANDLERS')];
    for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
      if (symbol.description === 'JEST_STATE_SYMBOL') delete globalThis[symbol];
    }
    if (getHeapStatistics().used_heap_size > LARGE_HEAP_BYTES) collectGarbage();
  }

  handleTestEvent({ name, test }) {
    const { expect } = globalThis[Symbol.for('items.jestGlobals')] ?? {};
    // Assertions of hooks don't count.
    if (name === 'test_fn_start') expect.setState(START);
    const flaw = name === 'test_fn_success' && flawOf(this.provesRows ? rowsIn(titleOf(test)) : [], expect.getState());
    if (flaw) test.errors.push([new Error(flaw), test.asyncError]);
  }

  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }
}

/** The names of a test and of all that is around it, as the reporters get them. */
function titleOf({ name, parent }) {
  return parent ? `${titleOf(parent)} ${name}` : '';
}

// For each file Jest sets its own console and a guarded exit on the globals.
function restorer(globals) {
  const { console } = globalThis;
  const exit = Object.getOwnPropertyDescriptor(process, 'exit');
  return () => {
    Object.assign(globalThis, { console });
    Object.defineProperty(process, 'exit', exit);
    for (const name of Object.keys(globals)) delete globalThis[name];
  };
}

module.exports = NativeEnvironment;
