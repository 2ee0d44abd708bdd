import { describe, expect, it } from '@jest/globals';
import { Faults, shortened } from './faults.js';
import type { InputFault } from './problem.js';

const faults = (count: number, name = 'a'): InputFault[] =>
  Array.from({ length: count }, (_, n) => ({ pointer: `/${name}${n}`, rule: 'unknown', detail: 'x' }));
const numbers = (found: Faults) => [found.listed.length, found.more, found.count];

describe('Faults', () => {
  it('lists the first hundred, and counts the others without making them', () => {
    const found = new Faults(faults(99));
    expect(numbers(found)).toEqual([99, 0, 99]);
    let made = 0;
    for (const fault of faults(50, 'b')) found.add(() => ((made += 1), fault));
    expect([numbers(found), made, found.listed[99]]).toEqual([[100, 49, 149], 1, faults(1, 'b')[0]]);
  });

  it.each([
    [10, 20, [30, 0, 30]],
    [60, 60, [100, 20, 120]],
    [150, 0, [100, 50, 150]],
    [0, 150, [100, 50, 150]],
    [150, 250, [100, 300, 400]],
  ])('%i with %i others', (one, other, expected) => {
    const [first, second] = [new Faults(faults(one)), new Faults(faults(other, 'b'))];
    const both = first.with(second);
    expect(numbers(both)).toEqual(expected);
    expect(both.listed[0]).toEqual((one > 0 ? first : second).listed[0]);
    expect(numbers(first)[2]).toBe(one);
  });
});

describe('shortened', () => {
  it.each([
    ['a'.repeat(128), 'a'.repeat(128)],
    ['a'.repeat(129), `${'a'.repeat(128)}…`],
    ['\u{1f600}'.repeat(65), `${'\u{1f600}'.repeat(64)}…`],
    [`a${'\u{1f600}'.repeat(65)}`, `a${'\u{1f600}'.repeat(63)}…`],
  ])('%s', (name, expected) => {
    expect(shortened(name)).toBe(expected);
  });
});
