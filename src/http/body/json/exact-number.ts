/** 17 significant digits tell every double from its neighbours. Writers such as `%.17g` give them all. */
const MAX_DIGITS = 17;

/**
 * Why a JSON number does not fit a double, as the end of a sentence; undefined if it fits. An integer without fraction
 * and exponent must come back digit for digit, since it is often an id. Any other number of at most 17 significant digits
 * stands for the nearest double, as in every JSON parser (RFC 8259 §6).
 */
export function faultOfNumber(literal: string): string | undefined {
  const value = Number(literal);
  if (!Number.isFinite(value)) return 'is larger than the largest double';
  if (!/[.eE]/.test(literal)) {
    return /^-?0$/.test(literal) || String(value) === literal ? undefined : `would come back as ${value}`;
  }
  const digits = significantDigits(literal);
  if (digits.length > MAX_DIGITS) return `has more than ${MAX_DIGITS} significant digits`;
  return value === 0 && digits !== '' ? 'is so close to 0 that it would become 0' : undefined;
}

/** The digits before the exponent, without leading and trailing zeros. */
function significantDigits(literal: string): string {
  const digits = literal
    .replace(/[eE].*/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '');
  // Not /0+$/: it takes quadratic time on a long run of zeros inside the number.
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
