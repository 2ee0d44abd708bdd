/** Every double can be told from its neighbours by so many significant digits, and writers such as `%.17g` give them. */
const MAX_DIGITS = 17;

/**
 * Why no double stands for a JSON number, as the end of a sentence; undefined if one does. An integer without fraction and
 * exponent must come back digit for digit, since it is often an id. Any other number of at most 17 significant digits stands
 * for the double nearest to it, as every JSON parser takes it (RFC 8259 §6).
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

/** The digits before the exponent, without zeros at the ends. */
function significantDigits(literal: string): string {
  const digits = literal
    .replace(/[eE].*/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '');
  // Not /0+$/, which takes quadratic time on a long run of zeros that isn't the end.
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
