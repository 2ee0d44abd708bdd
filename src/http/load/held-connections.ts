import type { Socket } from 'node:net';
import type { AnswersUnderWay } from '../wire/answers-under-way.js';

/** How long a connection is held at least, in milliseconds: as long as the shortest Retry-After. */
const LEAST_MS = 1_000;

/** How long it is held at most, in milliseconds. */
const MOST_MS = 10_000;

/** How many go on in a second, unless they are held for the longest time, and the most that are held. */
const BOUNDS = { perSecond: 100, mostHeld: 10_000 };

/**
 * Connections on which a request was refused. No request is taken from them for a while: a client that sends its request
 * again at once, in spite of Retry-After, would cost the service as much as others whose requests it answers. The more there
 * are, the longer each is held, so that a flood does not cost more the larger it is. Those that close are forgotten.
 */
export class HeldConnections {
  /** Until when each is held, in milliseconds, the one first that was held first. */
  private readonly until = new Map<Socket, number>();
  private readonly mostMs: number;
  /** Listens to `close` of each that is held. */
  private readonly forget: (this: Socket) => void;

  constructor(
    private readonly underWay: AnswersUnderWay,
    keepAliveTimeoutMs: number,
    private readonly bounds = BOUNDS,
  ) {
    // A connection must not count as idle while it is held.
    this.mostMs = Math.min(MOST_MS, keepAliveTimeoutMs / 2);
    const { until } = this;
    this.forget = function () {
      until.delete(this);
    };
  }

  /** How long a connection would be held now, in milliseconds. */
  get holdMs(): number {
    return Math.min(Math.max(LEAST_MS, (this.until.size * 1_000) / this.bounds.perSecond), this.mostMs);
  }

  /** Holds a connection whose latest request is refused. */
  hold(socket: Socket, nowMs: number): void {
    if (!this.underWay.hold(socket)) return;
    // A map keeps the place of a key that it has.
    if (!this.until.delete(socket)) socket.once('close', this.forget);
    this.until.set(socket, nowMs + this.holdMs);
    if (this.until.size > this.bounds.mostHeld) this.release(this.until.keys().next().value!);
  }

  /** Lets connections go on: all that were held long enough, and as many others as there is place for. */
  letGo(nowMs: number, places: number): void {
    let left = places;
    for (const [socket, untilMs] of this.until) {
      if (nowMs < untilMs && left <= 0) continue;
      left -= 1;
      this.release(socket);
    }
  }

  private release(socket: Socket): void {
    this.until.delete(socket);
    socket.off('close', this.forget);
    this.underWay.release(socket);
  }
}
