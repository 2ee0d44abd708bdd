// What tests import as '@jest/globals': the functions of the test file that runs now.
const current = () => globalThis[Symbol.for('items.jestGlobals')];

const inForce = (name) =>
  new Proxy(() => undefined, {
    apply: (_, self, args) => current()[name].apply(self, args),
    get: (_, member) => current()[name][member],
  });

export const afterAll = inForce('afterAll');
export const afterEach = inForce('afterEach');
export const beforeAll = inForce('beforeAll');
export const beforeEach = inForce('beforeEach');
export const describe = inForce('describe');
export const expect = inForce('expect');
export const it = inForce('it');
export const test = inForce('test');
export const jest = inForce('jest');
