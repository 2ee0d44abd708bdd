import type { Position } from '../store/changes/position.js';
import { bytesOf, FeedChanges, type FeedChange } from './feed-changes.js';

/** The most bytes of changes that are kept. */
const KEPT_BYTES = 1_048_576;

/** The newest changes: all between two positions. Followers that are not far behind get them from here. */
export class RecentChanges {
  private changes: FeedChange[] = [];
  private bytes = 0;
  private start: Position;

  constructor(
    /** The position behind the last of them. */
    public head: Position,
    private readonly keptBytes = KEPT_BYTES,
  ) {
    this.start = head;
  }

  /** Adds those that follow, and drops the oldest if they become too many. */
  add({ changes, position }: FeedChanges): void {
    // What was erased must not be given out any more.
    if (changes.some(({ operation }) => operation === 'erase')) this.dropAll();
    this.changes.push(...changes);
    this.bytes += changes.reduce((sum, change) => sum + bytesOf(change), 0);
    this.head = position;
    let dropped = 0;
    while (this.bytes > this.keptBytes) {
      const oldest = this.changes[dropped]!;
      dropped += 1;
      this.bytes -= bytesOf(oldest);
      this.start = oldest.position;
    }
    this.changes.splice(0, dropped);
  }

  /** Those behind a position, up to so many bytes, but one at least; undefined if it is none that is known here. */
  behind(position: Position, limit: number, maxBytes: number): FeedChanges | undefined {
    const from = this.placeBehind(position);
    if (from === undefined) return undefined;
    const found: FeedChange[] = [];
    let bytes = 0;
    for (const change of this.changes.slice(from, from + limit)) {
      bytes += bytesOf(change);
      if (found.length > 0 && bytes > maxBytes) break;
      found.push(change);
    }
    const isAtEnd = from + found.length === this.changes.length;
    return new FeedChanges(found, isAtEnd ? this.head : found.at(-1)!.position, isAtEnd);
  }

  private placeBehind(position: Position): number | undefined {
    if (isSame(position, this.start)) return 0;
    if (isSame(position, this.head)) return this.changes.length;
    const at = this.changes.findIndex((change) => isSame(change.position, position));
    return at === -1 ? undefined : at + 1;
  }

  private dropAll(): void {
    this.changes = [];
    this.bytes = 0;
    this.start = this.head;
  }
}

function isSame(one: Position, other: Position): boolean {
  return one.seq === other.seq && one.revision === other.revision;
}
