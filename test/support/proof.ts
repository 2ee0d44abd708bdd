import { expect } from '@jest/globals';

interface State {
  numPassingAsserts: number;
  parts: { row: string; before: number }[];
}

/**
 * Says which row of the title the next assertions are about, in a test whose title names several. A row without an assertion
 * of its own fails the test (runner/proof.cjs).
 */
export function proves(number: string): void {
  const { numPassingAsserts: before, parts } = expect.getState() as unknown as State;
  expect.setState({ parts: [...parts, { row: number, before }] } as object);
}
