/** A filter that can't be understood, or that is beyond its bounds. */
export class FilterFault extends Error {
  /** `position`: in code points from 0. `expected`: what should be there, such as `a value`. */
  constructor(
    readonly position: number,
    readonly expected: string,
  ) {
    super(`At position ${position}: expected ${expected}`);
  }
}

/** A fault at an index of the filter. */
export function faultAt(filter: string, index: number, expected: string): FilterFault {
  return new FilterFault(Array.from(filter.slice(0, index)).length, expected);
}
