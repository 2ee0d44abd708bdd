/* eslint-disable no-underscore-dangle -- the names are those of Node */
import type { Socket } from 'node:net';
import type { AnswersUnderWay } from '../wire/answers-under-way.js';
import type { Connection, Share } from '../wire/connection-share.js';
import { isBeingRead } from './body-room.js';
import { inTurns } from './in-turns.js';
import type { Cause } from './overload.problems.js';
import type { Refusals } from './refusals.js';

/** How often the pace of clients is checked, in milliseconds. A slow one is cut before the shortest Retry-After is over. */
export const CHECK_MS = 225;

/** A client is slow if it moves fewer bytes between two checks: 16 KiB a second. */
const SLOW_BYTES = (16_384 * CHECK_MS) / 1_000;

/** A client that was slow in this number of checks in a row loses its room. */
export const MOST_SLOW_CHECKS = 4;

interface Pace {
  taken: number;
  sent: number;
  slowChecks: { taking: number; sending: number };
}

/** Node's own handle tells how many bytes wait for the system to take them; net.Socket's timeout uses it too. */
interface WritingSocket extends Socket {
  _handle?: { bytesWritten: number; writeQueueSize: number } | null;
}

/**
 * Makes room when others need it: cuts clients that read an answer too slowly, and refuses bodies that come too slowly.
 * While there is room, only ANSWER_TIMEOUT_MS and REQUEST_TIMEOUT_MS bound them.
 */
export class SlowCallers {
  private paces = new Map<Socket, Pace>();

  constructor(
    private readonly underWay: AnswersUnderWay,
    private readonly refusals: Refusals,
  ) {}

  /** Notes how far each connection is. */
  look(): void {
    const { connections } = this.underWay;
    this.paces = new Map([...connections.keys()].map((socket) => [socket, paceOf(socket, this.paces.get(socket))]));
  }

  /** Drops all notes. */
  forget(): void {
    this.paces.clear();
  }

  /** Cuts slow readers, the slowest first, until this number of bytes of answers is free. */
  cut(bytes: number): void {
    let missing = bytes;
    for (const [socket, connection] of this.slowAt('taking')) {
      const kept = countedBytesOf(connection);
      if (missing <= 0) return;
      if (kept > 0) socket.resetAndDestroy();
      missing -= kept;
    }
  }

  /** Cuts slow readers whose requests wait: behind the answers that they don't read, or unread themselves. */
  cutWaiting(): void {
    for (const [socket, { running }] of this.slowAt('taking')) {
      if ([...running.values()].some(({ isWaiting }) => isWaiting)) socket.resetAndDestroy();
    }
  }

  /** Refuses bodies that come slowly, if what they take is needed. */
  refuse(cause: Cause, isNeeded: (share: Share) => boolean): void {
    const slow = this.slowAt('sending').flatMap(([, { running, stopped }]) =>
      // Whatever is behind a stop could not come.
      [...running.values()].filter((share) => isNeeded(share) && share.response !== stopped?.at),
    );
    inTurns(slow, ({ response: { req } }) => {
      if (isBeingRead(req)) req.emit('error', this.refusals.refuseLast(cause));
    });
  }

  private slowAt(what: keyof Pace['slowChecks']): [Socket, Connection][] {
    const checks = (socket: Socket) => this.paces.get(socket)?.slowChecks[what] ?? 0;
    return [...this.underWay.connections]
      .filter(([socket]) => checks(socket) >= MOST_SLOW_CHECKS)
      .sort(([a], [b]) => checks(b) - checks(a));
  }
}

/** How many bytes the system has taken from a connection so far. */
export function bytesTakenFrom(socket: WritingSocket): number {
  const { bytesWritten = 0, writeQueueSize = 0 } = socket._handle ?? {};
  return bytesWritten - writeQueueSize;
}

function paceOf(socket: WritingSocket, before: Pace | undefined): Pace {
  const now = { taken: bytesTakenFrom(socket), sent: socket.bytesRead };
  if (!before) return { ...now, slowChecks: { taking: 0, sending: 0 } };
  const isTaking = socket.writableLength > 0 && now.taken - before.taken < SLOW_BYTES;
  const isSending = now.sent - before.sent < SLOW_BYTES;
  const { taking, sending } = before.slowChecks;
  return { ...now, slowChecks: { taking: isTaking ? taking + 1 : 0, sending: isSending ? sending + 1 : 0 } };
}

function countedBytesOf({ running }: Connection): number {
  return [...running.values()].reduce((sum, { countedBytes }) => sum + countedBytes, 0);
}
