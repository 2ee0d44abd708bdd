const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
const { getHeapStatistics, setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** A worker with a larger heap collects garbage after a test file, so that its next file does not add to it. */
const LARGE_HEAP_BYTES = 150 * 1024 * 1024;

/**
 * Jest's environment of a test file, without a VM context: tests use the globals of the worker. A test that ends without an
 * assertion fails, since its title would count as proven.
 */
class NativeEnvironment {
  constructor({ projectConfig }) {
    this.global = globalThis;
    this.restore = restorer(projectConfig.globals);
    Object.assign(globalThis, projectConfig.globals);
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    this.restore();
    // jest-circus keeps its handlers on the globals, and would add those of the next file to them.
    delete globalThis[Symbol.for('EVENT_HANDLERS')];
    if (getHeapStatistics().used_heap_size > LARGE_HEAP_BYTES) collectGarbage();
  }

  handleTestEvent({ name, test }) {
    const { expect } = globalThis[Symbol.for('items.jestGlobals')] ?? {};
    // Assertions of hooks don't count.
    if (name === 'test_fn_start') expect.setState({ numPassingAsserts: 0 });
    const isHollow = name === 'test_fn_success' && expect.getState().numPassingAsserts === 0;
    if (isHollow) test.errors.push([new Error('The test asserted nothing.'), test.asyncError]);
  }

  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }
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
