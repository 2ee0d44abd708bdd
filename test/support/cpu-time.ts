/**
 * The longest turn of the event loop while something is done, in ms of CPU time: other requests wait this long. CPU time,
 * since a busy machine makes every turn long.
 */
async function longestTurnMs(doing: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = process.cpuUsage();
  let next: NodeJS.Timeout;
  const look = () => {
    const { user, system } = process.cpuUsage(last);
    longest = Math.max(longest, (user + system) / 1_000);
    last = process.cpuUsage();
    // In the first turn after a millisecond. To look at each would take all CPU time while the others wait.
    next = setTimeout(look, 1);
  };
  look();
  await doing();
  clearTimeout(next!);
  return longest;
}

/** The most that one request may make others wait, in ms of CPU time of the machine for which limits are set. */
export const LONGEST_TURN_MS = 100;

/**
 * The longest turn in ms of CPU time of that machine, of as many tries as it takes to be below the limit: up to three, since one may meet the
 * compiler or garbage of what came before.
 */
export async function leastTurnMs(doing: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let tries = 0; least >= LONGEST_TURN_MS && tries < 3; tries += 1) {
    const turnMs = await longestTurnMs(doing);
    // To measure how slow the machine is costs more than most of what is done.
    least = Math.min(least, turnMs < LONGEST_TURN_MS ? turnMs : turnMs / slowness());
  }
  return least;
}

/** The CPU time that work takes which never waits, in ms. */
export function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The CPU time that the work below takes on the machine for which limits are set, in ms. */
const USUAL_MS = 10;

/** How many times slower than that machine this one is, at least 1. Limits of CPU time are multiplied by it. */
export function slowness(): number {
  const text = JSON.stringify(Array.from({ length: 20_000 }, (_, n) => ({ id: `item-${n}`, value: n / 7 })));
  const timesMs = Array.from({ length: 9 }, () => cpuMsOf(() => void JSON.stringify(JSON.parse(text))));
  return Math.max(1, Math.min(...timesMs) / USUAL_MS);
}
