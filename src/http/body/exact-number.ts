/**
 * Whether a JSON number means the same after JavaScript has read and written it: its decimal value equals that of the
 * double's shortest output. `1.0` and `-0` do, `1e400`, 20-digit integers and 0.1000000000000000055511 don't.
 */
export function isExactNumber(literal: string): boolean {
  const value = Number(literal);
  return Number.isFinite(value) && decimalOf(literal) === decimalOf(String(value));
}

/** A decimal literal in one form: sign, digits without zeros at the ends, exponent of the last digit. */
function decimalOf(literal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([-+]?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(literal) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.slice(0, lengthWithoutZeros(digits));
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

// Not /0+$/, which takes quadratic time on a long run of zeros that isn't the end.
function lengthWithoutZeros(digits: string): number {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return end;
}
