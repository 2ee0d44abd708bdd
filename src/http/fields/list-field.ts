/**
 * The elements of a field whose value is a list of tokens (RFC 9110 §5.6.1.2). Empty ones, which a recipient ignores, are left
 * out.
 */
export function elementsOf(field: string): string[] {
  return field
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
}
