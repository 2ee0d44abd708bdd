const NUMBERS = /\[([A-Z]\d+)\]/g;

/** The state of `expect` in which a test starts. */
const START = { numPassingAsserts: 0, parts: [] };

/** The numbers of rows of the conformance list in a title. */
function rowsIn(title) {
  return [...title.matchAll(NUMBERS)].map(([, number]) => number);
}

/**
 * Why a test that passed proves less than its title says; undefined if it proves all of these rows. Any assertion proves the
 * only row of a title. If a title names several, `proves()` in front of assertions says which one they are about: `parts` has
 * these rows, each with the number of assertions before it.
 */
function flawOf(rows, { numPassingAsserts, parts }) {
  if (numPassingAsserts === 0) return 'The test asserted nothing.';
  const strange = parts.map(({ row }) => row).filter((row) => !rows.includes(row));
  if (strange.length > 0) return `The title does not name ${strange.join(', ')}.`;
  if (rows.length < 2) return undefined;
  const ends = [...parts.slice(1).map(({ before }) => before), numPassingAsserts];
  const proven = parts.filter(({ before }, index) => ends[index] > before).map(({ row }) => row);
  const missing = rows.filter((row) => !proven.includes(row));
  return missing.length > 0 ? `No assertion is marked with proves() for ${missing.join(', ')}.` : undefined;
}

module.exports = { START, flawOf, rowsIn };
