import { setImmediate } from 'node:timers/promises';

/** How long work goes on in one turn of the event loop, in ms. */
const SLICE_MS = 10;

/** Takes all steps of some work. If that takes long, others have a turn now and then. */
export function inSlices<T>(steps: Generator<void, T>): T | Promise<T> {
  const end = performance.now() + SLICE_MS;
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() >= end) return goOn(steps);
  }
}

/** Takes all steps at once. */
export function atOnce<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

async function goOn<T>(steps: Generator<void, T>): Promise<T> {
  await setImmediate();
  return inSlices(steps);
}
