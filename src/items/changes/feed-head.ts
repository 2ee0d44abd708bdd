import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { MONOTONIC_CLOCK, type MonotonicClock } from '../../config/clock.js';
import { DatabaseFault } from '../../database/faults/database-fault.js';
import { LOGGER } from '../../telemetry/logger.js';
import { ItemChanges } from '../store/changes/item-changes.js';
import type { Position } from '../store/changes/position.js';
import { Commits } from './commits.js';
import { FeedChanges } from './feed-changes.js';

/** How often the database is asked for changes that other processes made, in milliseconds, while anybody follows. */
const POLL_MS = 50;

/** How long the database is left alone after it has failed, in milliseconds. */
const PAUSE_MS = 1_000;

/** How long it goes on after the last follower has left, in milliseconds: after each change, all long polls leave and come again. */
const LINGER_MS = 1_000;

/** What is read at once: so little that whoever reads it keeps up. */
const READ_LIMITS = { limit: 500, maxBytes: 65_536, isWithItem: true };

/** Somebody who waits at the head of the feed. */
export interface Follower {
  /** Gets the next changes. They may begin with some that it has. */
  take(changes: FeedChanges): void;
  /** Called often, with the time of the monotonic clock. */
  tick(nowMs: number): void;
  /** The feed can't go on from where it is. */
  lose(): void;
  /** The database failed, and is asked again later. */
  fail(fault: DatabaseFault): void;
}

/**
 * The one reader of the feed for all who follow it: at once after each commit of this process, and by a poll for those of others. One
 * query serves everybody. It keeps no change, since what it had read could be erased meanwhile. While nobody follows it does nothing.
 */
@Injectable()
export class FeedHead implements BeforeApplicationShutdown {
  /** All that are told the time. */
  readonly attending = new Set<Follower>();
  /** Those of them that have got all changes so far. */
  readonly followers = new Set<Follower>();
  /** Those of them that came during the query that runs now: what it sees may have been erased before they came. */
  private readonly newcomers = new Set<Follower>();
  /** Those that came during one before, and went without what it saw. */
  private readonly late = new Set<Follower>();
  /** Where the changes begin that `late` lack. */
  private lateFrom: Position | undefined;
  /** How far it has read. */
  private position: Position | undefined;
  private ticks: NodeJS.Timeout | undefined;
  private isReading = false;
  private isAskedAgain = false;
  private pausedUntil = 0;
  private leftAt = 0;
  /** When it last began a read that came to the end of the feed, in milliseconds of the process. */
  private atEndAt = 0;

  constructor(
    private readonly changes: ItemChanges,
    private readonly commits: Commits,
    @Inject(MONOTONIC_CLOCK) private readonly clock: MonotonicClock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  beforeApplicationShutdown(): void {
    this.stop();
  }

  /** For how long it has not been at the end of the feed, in milliseconds; 0 while nobody follows. */
  get lagMs(): number {
    return this.ticks && this.position ? performance.now() - this.atEndAt : 0;
  }

  /** Whether it has come to this position and no further: whoever joins there gets all that follows. */
  isAt({ seq, revision }: Position): boolean {
    return this.position?.seq === seq && this.position.revision === revision;
  }

  /** Lets somebody follow from the end of the feed, or of this reader. False if it has gone on since: read on first. */
  join(follower: Follower, position: Position): boolean {
    this.position ??= position;
    // A later position is one that this reader has not come to yet.
    const isBehind = position.seq < this.position.seq;
    if (!isBehind) {
      this.attend(follower);
      this.followers.add(follower);
      if (this.isReading) this.newcomers.add(follower);
    }
    // There may be a change since that position was read. Or the database was replaced, and has fewer than this reader has seen.
    this.wake();
    return !isBehind;
  }

  /** Tells somebody the time who may not have got to the head yet. */
  attend(follower: Follower): void {
    this.attending.add(follower);
    if (!this.ticks) this.start();
  }

  leave(follower: Follower): void {
    for (const group of [this.followers, this.newcomers, this.late]) group.delete(follower);
    if (this.attending.delete(follower)) this.leftAt = performance.now();
  }

  private start(): void {
    this.pausedUntil = 0;
    this.atEndAt = performance.now();
    this.commits.listener = () => this.wake();
    this.ticks = setInterval(() => this.tick(), POLL_MS).unref();
  }

  private tick(): void {
    const nowMs = performance.now();
    if (this.attending.size === 0 && nowMs >= this.leftAt + LINGER_MS) return this.stop();
    const timeMs = this.clock();
    for (const follower of this.attending) follower.tick(timeMs);
    if (nowMs >= this.pausedUntil) this.wake();
  }

  private stop(): void {
    clearInterval(this.ticks);
    this.ticks = undefined;
    this.commits.listener = undefined;
    this.forgetPosition();
  }

  /** Reads on, if nobody reads now; else once more after that. */
  private wake(): void {
    if (this.isReading) this.isAskedAgain = true;
    else void this.readOn();
  }

  private async readOn(): Promise<void> {
    this.isReading = true;
    do {
      this.isAskedAgain = false;
      const { position } = this;
      if (position) await this.readBehind(position);
    } while (this.isAskedAgain && this.position);
    this.isReading = false;
  }

  private async readBehind(head: Position): Promise<void> {
    if (this.lateFrom) for (const follower of this.newcomers) this.late.add(follower);
    this.newcomers.clear();
    const beganAt = performance.now();
    try {
      const page = await this.changes.findPage({ ...READ_LIMITS, after: this.lateFrom ?? head }, 'head');
      // Everybody has left meanwhile, and others may have come.
      if (head !== this.position) return void (this.isAskedAgain = true);
      if (!page) return this.loseAll();
      if (page.isAtEnd) this.atEndAt = beganAt;
      else this.isAskedAgain = true;
      if (page.changes.length > 0) this.giveOut(FeedChanges.of(page), head);
    } catch (error) {
      if (!(error instanceof DatabaseFault)) throw error;
      this.pause(error);
    }
  }

  private giveOut(changes: FeedChanges, head: Position): void {
    const fresh = changes.behind(head);
    for (const follower of this.followers) {
      if (!this.newcomers.has(follower)) follower.take(this.late.has(follower) ? changes : fresh);
    }
    this.lateFrom = undefined;
    if (changes.position.seq < head.seq) this.lateFrom = changes.position;
    else {
      this.late.clear();
      this.position = changes.position;
      if (this.newcomers.size > 0 && !fresh.isEmpty) this.lateFrom = head;
    }
    if (this.lateFrom) this.isAskedAgain = true;
  }

  private loseAll(): void {
    this.forgetPosition();
    for (const follower of this.followers) follower.lose();
  }

  private forgetPosition(): void {
    this.position = undefined;
    this.lateFrom = undefined;
    this.late.clear();
  }

  private pause(fault: DatabaseFault): void {
    if (performance.now() >= this.pausedUntil) this.logger.warn({ err: fault }, 'Changes can’t be followed now');
    this.isAskedAgain = false;
    this.pausedUntil = performance.now() + PAUSE_MS;
    for (const follower of this.followers) follower.fail(fault);
  }
}
