/**
 * The elements of a field whose value is a list of tokens. Leaves out empty ones, which a recipient ignores
 * (RFC 9110 §5.6.1.2).
 */
export function elementsOf(field: string): string[] {
  return field
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
}
