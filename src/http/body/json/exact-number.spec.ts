import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SEED } from '../../../../test/support/random.js';
import { faultOfNumber } from './exact-number.js';
import { JsonReader } from './json-reader.js';

const TOO_LARGE = 'is larger than the largest double';
const TOO_SMALL = 'is so close to 0 that it would become 0';
const TOO_LONG = 'has more than 17 significant digits';

const doubles = fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => double + 0);
const digits = (maxLength: number) => fc.stringMatching(new RegExp(`^\\d{1,${maxLength}}$`));

/** Of each property. An `expect()` in each run would take most of the time. */
const RUNS = { seed: SEED, numRuns: 2_000 };

describe('faultOfNumber', () => {
  it.each([
    '0',
    '-0',
    '0.0',
    '0e5',
    '0e99999',
    '0e-400',
    '-0.000e-400',
    '1',
    '1.0',
    '-1.50',
    '100',
    '1e2',
    '1E+2',
    '10e-1',
    '0.1',
    '9007199254740991',
    '9007199254740992',
    '-9007199254740994',
    '123456789012345680000',
    '1e20',
    '1e21',
    '1e-7',
    '0.0000001',
    '123456789012345.5',
    '1.00000000000000000000',
    '100000000000000000000000.0',
    `1${'0'.repeat(308)}.0`,
  ])('none of %s, which means the same after a double', (literal) => {
    expect(faultOfNumber(literal)).toBeUndefined();
  });

  it.each([
    ['4.2000000000000002', 4.2],
    ['0.10000000000000001', 0.1],
    ['0.30000000000000001', 0.3],
    ['-73.985699999999994', -73.9857],
    ['1.5120000000000000e2', 151.2],
    ['9007199254740993.0', 9007199254740992],
    ['12345678901234567e0', 12345678901234568],
    ['5e-324', 5e-324],
    ['4.9406564584124654e-324', 5e-324],
    ['3e-324', 5e-324],
    ['2.2250738585072014e-308', 2.2250738585072014e-308],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['1.7976931348623158e308', Number.MAX_VALUE],
  ])('[E12] none of %s, for which the nearest double stands', (literal, double) => {
    expect(faultOfNumber(literal)).toBeUndefined();
    expect(JSON.parse(literal)).toBe(double);
  });

  it.each([
    ['1e400', TOO_LARGE],
    ['-1e400', TOO_LARGE],
    ['1.7976931348623159e308', TOO_LARGE],
    ['1.7976931348623158e309', TOO_LARGE],
    [`1${'0'.repeat(309)}`, TOO_LARGE],
    ['1e-400', TOO_SMALL],
    ['-2e-324', TOO_SMALL],
    [`0.${'0'.repeat(400)}1`, TOO_SMALL],
    ['9007199254740993', 'would come back as 9007199254740992'],
    ['1000000000000000000000', 'would come back as 1e+21'],
    [`-1${'0'.repeat(308)}`, 'would come back as -1e+308'],
    ['12345678901234567890', 'would come back as 12345678901234567000'],
    ['-9999999999999999999', 'would come back as -10000000000000000000'],
    ['12345678901234567890e0', TOO_LONG],
    ['0.1000000000000000055511', TOO_LONG],
    ['0.1000000000000000055511151231257827', TOO_LONG],
    ['3.14159265358979323846', TOO_LONG],
    ['0.100000000000000001', TOO_LONG],
  ])('[E12] %s %s', (literal, fault) => {
    expect(faultOfNumber(literal)).toBe(fault);
  });

  it(`[E12] none of any double, however a writer gives its 17 digits or fewer (seed ${SEED})`, () => {
    const check = fc.property(doubles, fc.integer({ min: 1, max: 17 }), (double, count) => {
      const written = [double.toPrecision(17), double.toExponential(16), String(double), JSON.stringify(double)];
      const literals = written.filter((text) => /[.e]/.test(text));
      const rounded = double.toExponential(count - 1);
      const isKept = Number.isFinite(Number(rounded)) && (Number(rounded) !== 0 || double === 0);
      return (
        literals.every((one) => faultOfNumber(one) === undefined && Object.is(JSON.parse(one), double)) &&
        (faultOfNumber(rounded) === undefined) === isKept
      );
    });
    expect(fc.check(check, RUNS).counterexample).toBeNull();
  });

  it(`[E12] of an integer if and only if its decimal is not the one that comes back (seed ${SEED})`, async () => {
    const sign = fc.constantFrom('', '-');
    const check = fc.asyncProperty(sign, digits(25), async (minus, text) => {
      const literal = `${minus}${BigInt(text)}`;
      const comesBack = JSON.stringify(Number(literal)) === literal.replace(/^-0$/, '0');
      return (await isTaken(literal)) === comesBack;
    });
    expect((await fc.check(check, RUNS)).counterexample).toBeNull();
  });

  // Another way to say it: as a fraction of integers, what divides by ten is divided, and the digits are counted.
  it(`[E12] of any other number by its digits and its range (seed ${SEED})`, async () => {
    const exponents = fc.integer({ min: -400, max: 400 });
    const check = fc.asyncProperty(digits(12), digits(12), exponents, async (whole, fraction, exponent) => {
      const literal = `${BigInt(whole)}.${fraction}e${exponent}`;
      let mantissa = BigInt(whole + fraction);
      while (mantissa !== 0n && mantissa % 10n === 0n) mantissa /= 10n;
      const isShort = mantissa < 10n ** 17n;
      const isInRange = Number.isFinite(Number(literal)) && (Number(literal) !== 0 || mantissa === 0n);
      return (await isTaken(literal)) === (isShort && isInRange);
    });
    expect((await fc.check(check, RUNS)).counterexample).toBeNull();
  });

  it('a megabyte of zeros between two digits takes no longer than reading it', () => {
    expect(faultOfNumber(`0.1${'0'.repeat(1_000_000)}1`)).toBe(TOO_LONG);
    expect(faultOfNumber(`0.1${'0'.repeat(1_000_000)}`)).toBeUndefined();
  });
});

/** Whether it is taken in a text, where numbers of a safe form are not looked at. Error: alone it is judged otherwise. */
async function isTaken(literal: string): Promise<boolean> {
  const { faults } = await new JsonReader().read(Buffer.from(literal));
  if ((faults.count === 0) !== (faultOfNumber(literal) === undefined)) throw new Error(`${literal} in a text`);
  return faults.count === 0;
}
