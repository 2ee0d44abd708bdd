import type { Position } from '../store/changes/position.js';
import { FeedChanges } from './feed-changes.js';
import type { FeedHead, Follower } from './feed-head.js';

/** What a long poll waits for. */
export interface PollTerms {
  /** The head of the feed when it began. */
  position: Position;
  ids: ReadonlySet<string> | undefined;
  limit: number;
  /** When it ends without a change, by the monotonic clock in milliseconds. */
  untilMs: number;
  /** Ends it earlier. */
  ending: AbortSignal;
}

/** A long poll: ends with the first changes, or with none when its time is over. */
export class ChangePoll implements Follower {
  private position: Position;
  private readonly outcome: Promise<FeedChanges | undefined>;
  private settle!: (changes: FeedChanges | undefined) => void;
  private reject!: (error: Error) => void;

  constructor(private readonly terms: PollTerms) {
    this.position = terms.position;
    this.outcome = new Promise((resolve, reject) => {
      this.settle = resolve;
      this.reject = reject;
    });
  }

  /**
   * The changes; empty if there was none in time; undefined if the position is gone. False: too much has happened since the position was
   * read. Rejects with DatabaseFault.
   */
  async follow(head: FeedHead): Promise<FeedChanges | undefined | false> {
    const { ending } = this.terms;
    const end = () => this.end();
    ending.addEventListener('abort', end);
    if (ending.aborted) this.end();
    else if (!head.join(this, this.position)) return false;
    try {
      return await this.outcome;
    } finally {
      head.leave(this);
      ending.removeEventListener('abort', end);
    }
  }

  take(changes: FeedChanges): void {
    const { ids, limit } = this.terms;
    const wanted = changes.behind(this.position).only(ids, limit);
    if (wanted.isEmpty) this.position = changes.position.seq > this.position.seq ? changes.position : this.position;
    else this.settle(wanted);
  }

  tick(nowMs: number): void {
    if (nowMs >= this.terms.untilMs) this.end();
  }

  lose(): void {
    this.settle(undefined);
  }

  fail(fault: Error): void {
    this.reject(fault);
  }

  private end(): void {
    this.settle(new FeedChanges([], this.position, true));
  }
}
