import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HttpException } from '@nestjs/common';
import { DatabaseFault } from '../../database/faults/database-fault.js';
import { positionText, type Position } from '../store/changes/position.js';
import type { ChangesRequest } from './changes-request.js';
import type { FeedChanges } from './feed-changes.js';
import type { FeedHead, Follower } from './feed-head.js';
import type { Outlet } from './outlet.js';

/** When a browser connects again after the stream has ended. */
const RETRY_MS = 2_000;

/** A stream on which nothing was sent for so long gets a comment, so that no proxy takes it for dead. */
const COMMENT_MS = 15_000;

/** How often the credential is checked again. Between checks it is only compared. */
const CHECK_MS = 5_000;

/** What a stream works with. */
interface Means {
  head: FeedHead;
  /** Throws HttpException if the position is gone or there is no room, and DatabaseFault. */
  readOn: (position: Position | undefined) => Promise<FeedChanges>;
  /** Rejects with HttpException, or DatabaseFault. */
  checkCredential: () => Promise<void>;
  outlet: Outlet;
  nowMs: number;
}

/**
 * The changes as Server-Sent Events (HTML, "Server-sent events"). Behind the head of the feed it reads as fast as its client does, at
 * the head it gets what all get. It ends when it can't go on: the client connects again, and gets the reason as a problem.
 */
export class ChangeStream implements Follower {
  readonly readable: Readable;
  private position: Position | undefined;
  /** The position that the client knows. */
  private sentPosition: Position | undefined;
  private isLive = false;
  private isReading = false;
  private isOver = false;
  /** Whether anything was sent since the last tick. */
  private hasSent = false;
  private sentAtMs: number;
  private checkedAtMs: number;

  constructor(
    private readonly asked: Pick<ChangesRequest, 'ids' | 'isWithItem'>,
    after: Position | undefined,
    first: FeedChanges,
    ending: AbortSignal,
    private readonly means: Means,
  ) {
    this.sentAtMs = means.nowMs;
    this.checkedAtMs = means.nowMs;
    this.readable = new Readable({
      read: () => void this.readOn(),
      destroy: (error, done) => {
        this.leave();
        done(error);
      },
    });
    this.position = after;
    this.readable.push(`retry: ${RETRY_MS}\n${after ? idLine(after) : ''}\n`);
    this.sentPosition = after;
    means.head.attend(this);
    this.goOnWith(first);
    ending.addEventListener('abort', () => this.end());
    if (ending.aborted) this.end();
  }

  take(changes: FeedChanges): void {
    if (!this.position) return;
    this.send(changes.behind(this.position).only(this.asked.ids));
    if (changes.position.seq > this.position.seq) this.position = changes.position;
    this.means.outlet.bound(this.readable);
  }

  tick(nowMs: number): void {
    this.means.outlet.tick(this.readable, nowMs);
    if (this.isOver) return;
    if (this.hasSent) this.sentAtMs = nowMs;
    this.hasSent = false;
    if (nowMs - this.sentAtMs >= COMMENT_MS) this.sendComment(nowMs);
    if (nowMs - this.checkedAtMs >= CHECK_MS) {
      this.checkedAtMs = nowMs;
      void this.checkCredential();
    }
  }

  lose(): void {
    this.end();
  }

  // The reader of all goes on when it can.
  fail(): void {}

  private send(changes: FeedChanges): void {
    if (changes.isEmpty || this.isOver) return;
    this.sentPosition = changes.changes.at(-1)!.position;
    this.hasSent = true;
    this.readable.push(changes.asEvents(this.asked.isWithItem));
  }

  // An event without data is none, but the client keeps its id (HTML, "Server-sent events", §9.2.6): it does not have to look again at
  // changes that it does not want.
  private sendComment(nowMs: number): void {
    const isBehind = this.position && this.position.seq !== this.sentPosition?.seq;
    this.readable.push(isBehind ? `:\n${idLine(this.position!)}\n` : ':\n\n');
    this.sentPosition = this.position;
    this.sentAtMs = nowMs;
  }

  /** Reads what is missing up to the head, as fast as the client takes it. */
  private async readOn(): Promise<void> {
    if (this.isLive || this.isReading || this.isOver) return;
    this.isReading = true;
    try {
      await nextTurn();
      const changes = await this.means.readOn(this.position);
      this.isReading = false;
      this.goOnWith(changes);
      // Without a push Node does not ask again.
      if (changes.isEmpty) await this.readOn();
    } catch (error) {
      if (!(error instanceof HttpException) && !(error instanceof DatabaseFault)) throw error;
      this.end();
    }
  }

  private goOnWith(changes: FeedChanges): void {
    this.position = changes.position;
    this.send(changes);
    if (changes.isAtEnd && !this.isOver) this.isLive = this.means.head.join(this, this.position);
  }

  private async checkCredential(): Promise<void> {
    try {
      await this.means.checkCredential();
    } catch (error) {
      // Only a refusal counts, and not that nobody can tell now.
      if (error instanceof HttpException && error.getStatus() === 401) this.end();
      else if (!(error instanceof HttpException) && !(error instanceof DatabaseFault)) throw error;
    }
  }

  private end(): void {
    if (this.isOver) return;
    this.leave();
    this.readable.push(null);
  }

  private leave(): void {
    this.isOver = true;
    this.means.head.leave(this);
  }
}

function idLine(position: Position): string {
  return `id: ${positionText(position)}\n`;
}
