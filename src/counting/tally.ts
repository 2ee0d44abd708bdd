/** Counts by name. Its names are those that the code has, so it does not grow. */
export class Tally {
  private readonly counts = new Map<string, number>();

  /** The names that are shown from the start. */
  constructor(names: readonly string[] = []) {
    for (const name of names) this.counts.set(name, 0);
  }

  count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  get all(): Iterable<[name: string, count: number]> {
    return this.counts;
  }
}
