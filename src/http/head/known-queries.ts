/** The most queries that are known. */
export const MOST_KNOWN = 100;

/** The longest target whose query is kept, in characters. */
export const LONGEST_KNOWN = 512;

/**
 * What was read from the queries of the latest targets. Many clients ask for the same again and again, such as the first page of a list, and
 * a target always has the same query. Refused ones are not known: they are judged each time.
 */
export class KnownQueries {
  private readonly byTarget = new Map<string, { owner: unknown; read: object }>();

  /** What was read from this target for its owner; undefined if it is not known. */
  find(owner: unknown, target: string): object | undefined {
    const known = this.byTarget.get(target);
    return known && known.owner === owner ? known.read : undefined;
  }

  /** Keeps what was read from a target, which other requests will share. The one that was kept first goes. */
  keep(owner: unknown, target: string, read: object): void {
    if (target.length > LONGEST_KNOWN) return;
    this.byTarget.set(target, { owner, read: Object.freeze(read) });
    if (this.byTarget.size <= MOST_KNOWN) return;
    const [first] = this.byTarget.keys();
    this.byTarget.delete(first!);
  }
}
