import type { InputFault } from './problem.js';

/** The most faults that a problem lists, so that no answer is many times larger than its request. */
const MAX_LISTED_FAULTS = 100;

/** The longest text of the client that a fault repeats, in UTF-16 units. */
export const MAX_SHOWN_LENGTH = 128;

/** Faults of the input: the first of them, and the number of all others. */
export class Faults {
  readonly listed: InputFault[] = [];
  /** How many are not listed. */
  more = 0;

  constructor(found: InputFault[] = []) {
    for (const fault of found) this.add(() => fault);
  }

  get count(): number {
    return this.listed.length + this.more;
  }

  /** Counts a fault. Makes it only if it is listed. */
  add(make: () => InputFault): void {
    if (this.listed.length < MAX_LISTED_FAULTS) this.listed.push(make());
    else this.more += 1;
  }

  /** These faults, then the others. */
  with(others: Faults): Faults {
    return this.mapped((listed) => [...listed, ...others.listed], others.more);
  }

  /** The same faults, changed or in another order. */
  mapped(change: (listed: InputFault[]) => InputFault[], more = 0): Faults {
    const faults = new Faults(change(this.listed));
    faults.more += this.more + more;
    return faults;
  }
}

/** A text of the client, cut where it is long, but not within a character. */
export function shortened(text: string): string {
  if (text.length <= MAX_SHOWN_LENGTH) return text;
  return `${text.slice(0, MAX_SHOWN_LENGTH).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
