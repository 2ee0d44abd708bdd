/** How many are done in one turn of the event loop. */
const AT_ONCE = 16;

/** Does work for each, a few in every turn of the event loop, so that others are served meanwhile. */
export function inTurns<T>(all: T[], work: (one: T) => void): void {
  for (const one of all.slice(0, AT_ONCE)) work(one);
  const rest = all.slice(AT_ONCE);
  if (rest.length > 0) setImmediate(() => inTurns(rest, work));
}
