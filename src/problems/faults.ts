import type { InputFault } from './problem.js';

/** As many faults as a problem lists: enough to see what is wrong, and no answer many times larger than its request. */
export const MAX_LISTED_FAULTS = 100;

/** The longest name of the client's that a fault repeats, in UTF-16 units. */
const MAX_NAME_LENGTH = 128;

/** Faults of the input as they are found: the first of them, and the number of all others. */
export class Faults {
  readonly listed: InputFault[] = [];
  /** Those that are not listed. */
  more = 0;

  constructor(found: InputFault[] = []) {
    for (const fault of found) this.add(() => fault);
  }

  get count(): number {
    return this.listed.length + this.more;
  }

  /** Counts a fault, which is only made if it is listed. */
  add(make: () => InputFault): void {
    if (this.listed.length < MAX_LISTED_FAULTS) this.listed.push(make());
    else this.more += 1;
  }

  /** These and then others. */
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

/** A name of the client's, cut where it is long; no character is cut in two. */
export function shortened(name: string): string {
  if (name.length <= MAX_NAME_LENGTH) return name;
  return `${name.slice(0, MAX_NAME_LENGTH).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
