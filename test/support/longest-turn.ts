/**
 * The longest turn of the event loop while something is done, in ms of CPU time: other requests wait this long. CPU time,
 * since a busy machine makes every turn long.
 */
export async function longestTurnMs(doing: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = process.cpuUsage();
  let next: NodeJS.Immediate;
  const look = () => {
    const { user, system } = process.cpuUsage(last);
    longest = Math.max(longest, (user + system) / 1_000);
    last = process.cpuUsage();
    next = setImmediate(look);
  };
  look();
  await doing();
  clearImmediate(next!);
  return longest;
}
