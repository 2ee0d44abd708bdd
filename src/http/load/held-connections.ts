import type { Socket } from 'node:net';
import type { AnswersUnderWay } from '../wire/answers-under-way.js';

/** How long a connection is held, in milliseconds: as long as the shortest Retry-After. */
const HOLD_MS = 1_000;

/** The most that are held. Beyond it the one that was held first goes on. */
const MOST_HELD = 10_000;

/**
 * Connections on which a request was refused. Nothing more is read from them for a while: a client that sends its request
 * again at once, in spite of Retry-After, would cost the service as much as others whose requests it answers.
 */
export class HeldConnections {
  /** When each was held, the first first, in milliseconds. */
  private readonly since = new Map<Socket, number>();
  private readonly holdMs: number;

  constructor(
    private readonly underWay: AnswersUnderWay,
    keepAliveTimeoutMs: number,
    private readonly mostHeld = MOST_HELD,
  ) {
    // A connection must not count as idle while it is held.
    this.holdMs = Math.min(HOLD_MS, keepAliveTimeoutMs / 2);
  }

  /** Holds a connection whose latest request is refused. */
  hold(socket: Socket, nowMs: number): void {
    if (!this.underWay.hold(socket)) return;
    // A map keeps the place of a key that it has.
    this.since.delete(socket);
    this.since.set(socket, nowMs);
    if (this.since.size > this.mostHeld) this.letGo(nowMs, 1);
  }

  /** Lets connections go on: all that were held long enough, and as many others as there is place for. */
  letGo(nowMs: number, places: number): void {
    let left = places;
    for (const [socket, sinceMs] of this.since) {
      if (nowMs - sinceMs < this.holdMs && left <= 0) return;
      left -= 1;
      this.since.delete(socket);
      this.underWay.release(socket);
    }
  }
}
