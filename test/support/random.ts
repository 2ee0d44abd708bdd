/** A source of numbers from 0 to below 1 that repeats itself for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The seed of this run; TEST_SEED sets another. Titles of tests name it. */
export const SEED = Number(process.env.TEST_SEED ?? 20_261_123);

/** The seed of tests on generated input, another one in each run; their titles name it, and TEST_SEED repeats it. */
export const RANDOM_SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** How many commands a test on random commands takes, by default `usual`; TEST_COMMANDS sets another number. */
export function commandCount(usual: number): number {
  return Number(process.env.TEST_COMMANDS ?? usual);
}
