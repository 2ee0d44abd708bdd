/** The smallest double above this one. */
export function nextDouble(value: number): number {
  if (value === Infinity) return value;
  if (value === 0) return Number.MIN_VALUE;
  const [double, bits] = viewsOfOneDouble();
  double[0] = value;
  // The bits of positive doubles grow with them, those of negative ones the other way round.
  bits[0] = (bits[0] ?? 0n) + (value > 0 ? 1n : -1n);
  return double[0] ?? value;
}

/** The largest double below this one. */
export function previousDouble(value: number): number {
  return -nextDouble(-value);
}

function viewsOfOneDouble(): [Float64Array, BigInt64Array] {
  const bytes = new ArrayBuffer(8);
  return [new Float64Array(bytes), new BigInt64Array(bytes)];
}
