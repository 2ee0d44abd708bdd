/** How many are handled in one turn of the event loop. */
const AT_ONCE = 16;

/** Calls `work` for each, a few per turn of the event loop, so that other requests are served in between. */
export function inTurns<T>(all: T[], work: (one: T) => void): void {
  for (const one of all.slice(0, AT_ONCE)) work(one);
  const rest = all.slice(AT_ONCE);
  if (rest.length > 0) setImmediate(() => inTurns(rest, work));
}
