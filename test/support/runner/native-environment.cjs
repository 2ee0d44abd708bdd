const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

/**
 * Jest's environment of a test file, without a VM context: tests run in the globals of the worker. A test that ran to its
 * end without an assertion fails, since its title would count as proven.
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
    // jest-circus keeps them on the globals, where those of the next file would be added to them.
    delete globalThis[Symbol.for('EVENT_HANDLERS')];
  }

  handleTestEvent({ name, test }) {
    const { expect } = globalThis[Symbol.for('items.jestGlobals')] ?? {};
    // What hooks assert is no assertion of the test.
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

// Jest puts a console of its own and a guarded exit on the globals for each file.
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
