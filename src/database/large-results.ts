import { setImmediate as nextTurn } from 'node:timers/promises';

/** The longest text of a result that blocks nobody, not even with those of fifteen others, in UTF-16 units. */
const LIGHT_LENGTH = 65_536;

/**
 * Results of queries that are large go out one in a turn of the event loop. Those of queries that were carried out together
 * come at once, and as soon as they are out, answers are made of them, each of which can block the main thread for some milliseconds.
 */
export class LargeResults {
  /** Settles when the last of them is out. */
  private last: Promise<unknown> = Promise.resolve();

  /** The result, a row or several, when it may go out. Throws what the query throws. */
  async handOut(asking: Promise<unknown>): Promise<unknown> {
    const result = await asking;
    if (textLength(result) > LIGHT_LENGTH) await (this.last = this.last.then(() => nextTurn()));
    return result;
  }
}

function textLength(result: unknown): number {
  let length = 0;
  for (const row of Array.isArray(result) ? (result as object[]) : [result as object]) {
    for (const value of Object.values(row)) if (typeof value === 'string') length += value.length;
  }
  return length;
}
