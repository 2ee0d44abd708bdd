/** A source of numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The seed of all generated input, so that each run tests the same. Titles name it. TEST_SEED sets another one. */
export const SEED = Number(process.env.TEST_SEED ?? 20_261_123);

/** Whether the seed is that of each run, and not one of TEST_SEED. */
export const IS_USUAL_SEED = process.env.TEST_SEED === undefined;

/** How many random commands a test runs: `usual`, unless TEST_COMMANDS sets another number. */
export function commandCount(usual: number): number {
  return Number(process.env.TEST_COMMANDS ?? usual);
}
