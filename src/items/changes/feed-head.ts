import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { MONOTONIC_CLOCK, type MonotonicClock } from '../../config/clock.js';
import { DatabaseFault } from '../../database/faults/database-fault.js';
import { LOGGER } from '../../telemetry/logger.js';
import { ItemChanges } from '../store/changes/item-changes.js';
import type { Position } from '../store/changes/position.js';
import { Commits } from './commits.js';
import { FeedChanges } from './feed-changes.js';
import { RecentChanges } from './recent-changes.js';

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
 * query serves everybody. While nobody follows it does nothing.
 */
@Injectable()
export class FeedHead implements BeforeApplicationShutdown {
  /** All that are told the time. */
  readonly attending = new Set<Follower>();
  /** Those of them that have got all changes so far. */
  readonly followers = new Set<Follower>();
  private recent: RecentChanges | undefined;
  private ticks: NodeJS.Timeout | undefined;
  private isReading = false;
  private isAskedAgain = false;
  private pausedUntil = 0;
  private leftAt = 0;

  constructor(
    private readonly changes: ItemChanges,
    private readonly commits: Commits,
    @Inject(MONOTONIC_CLOCK) private readonly clock: MonotonicClock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  beforeApplicationShutdown(): void {
    this.stop();
  }

  /** The changes behind a position if they are at hand; undefined: ask the database. */
  behind(position: Position, limit: number, maxBytes: number): FeedChanges | undefined {
    return this.recent?.behind(position, limit, maxBytes);
  }

  /** Lets somebody follow from a position that a page has just led to. False if too much has happened since: read on first. */
  join(follower: Follower, position: Position): boolean {
    this.recent ??= new RecentChanges(position);
    const missed = this.recent.behind(position, READ_LIMITS.limit, Infinity);
    // A later position is one that this reader has not come to yet.
    if (missed ? !missed.isEmpty : position.seq < this.recent.head.seq) return false;
    this.attend(follower);
    this.followers.add(follower);
    // It may have changed since that page was read.
    this.wake();
    return true;
  }

  /** Tells somebody the time who may not have got to the head yet. */
  attend(follower: Follower): void {
    this.attending.add(follower);
    if (!this.ticks) this.start();
  }

  leave(follower: Follower): void {
    this.followers.delete(follower);
    if (this.attending.delete(follower)) this.leftAt = performance.now();
  }

  private start(): void {
    this.pausedUntil = 0;
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
    this.recent = undefined;
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
      const { recent } = this;
      if (recent) await this.readBehind(recent);
    } while (this.isAskedAgain && this.recent);
    this.isReading = false;
  }

  private async readBehind(recent: RecentChanges): Promise<void> {
    try {
      const page = await this.changes.findPage({ ...READ_LIMITS, after: recent.head }, 'head');
      // Everybody has left meanwhile, and others may have come.
      if (recent !== this.recent) return void (this.isAskedAgain = true);
      if (!page) return this.loseAll();
      if (!page.isAtEnd) this.isAskedAgain = true;
      if (page.changes.length > 0) this.giveOut(FeedChanges.of(page), recent);
    } catch (error) {
      if (!(error instanceof DatabaseFault)) throw error;
      this.pause(error);
    }
  }

  private giveOut(changes: FeedChanges, recent: RecentChanges): void {
    recent.add(changes);
    for (const follower of this.followers) follower.take(changes);
  }

  private loseAll(): void {
    for (const follower of this.followers) follower.lose();
  }

  private pause(fault: DatabaseFault): void {
    if (performance.now() >= this.pausedUntil) this.logger.warn({ err: fault }, 'Changes can’t be followed now');
    this.isAskedAgain = false;
    this.pausedUntil = performance.now() + PAUSE_MS;
    for (const follower of this.followers) follower.fail(fault);
  }
}
