/* eslint-disable no-underscore-dangle -- the names are those of Node */
import type { Socket } from 'node:net';
import type { AnswersUnderWay } from '../wire/answers-under-way.js';
import type { Connection } from '../wire/connection-share.js';
import { refuseBody } from './body-room.js';
import { inTurns } from './in-turns.js';

/** How often it is seen who is slow, in milliseconds. */
export const CHECK_MS = 250;

/** Slow is who moves fewer bytes from one check to the next: 16 KiB a second. */
const SLOW_BYTES = 4_096;

/** Who was slow so often in a row must give room. */
export const MOST_SLOW_CHECKS = 4;

interface Pace {
  taken: number;
  sent: number;
  slowChecks: { taking: number; sending: number };
}

/** What of Node's sockets tells the bytes that wait for the system to take them (net.Socket's own timeout asks it). */
interface WritingSocket extends Socket {
  _handle?: { bytesWritten: number; writeQueueSize: number } | null;
}

/**
 * Makes room where others need it: whoever takes an answer too slowly is cut, and content that comes too slowly is refused.
 * While there is room, they have the time that ANSWER_TIMEOUT_MS and REQUEST_TIMEOUT_MS give.
 */
export class SlowCallers {
  private paces = new Map<Socket, Pace>();

  constructor(private readonly underWay: AnswersUnderWay) {}

  /** Sees how far everybody is. */
  look(): void {
    const { connections } = this.underWay;
    this.paces = new Map([...connections.keys()].map((socket) => [socket, paceOf(socket, this.paces.get(socket))]));
  }

  /** The next look is the first. */
  forget(): void {
    this.paces.clear();
  }

  /** Cuts slow takers, the slowest first, until that many bytes of answers are given back. */
  cut(bytes: number): void {
    let missing = bytes;
    for (const [socket, connection] of this.slowAt('taking')) {
      const kept = countedBytesOf(connection);
      if (missing <= 0) return;
      if (kept > 0) socket.resetAndDestroy();
      missing -= kept;
    }
  }

  /** Refuses content that comes slowly. */
  refuse(): void {
    const slow = this.slowAt('sending').flatMap(([, { running }]) => [...running.values()]);
    inTurns(slow, ({ response, bodyBytes }) => {
      if (bodyBytes > 0 && !response.req.complete) refuseBody(response.req);
    });
  }

  private slowAt(what: keyof Pace['slowChecks']): [Socket, Connection][] {
    const checks = (socket: Socket) => this.paces.get(socket)?.slowChecks[what] ?? 0;
    return [...this.underWay.connections]
      .filter(([socket]) => checks(socket) >= MOST_SLOW_CHECKS)
      .sort(([a], [b]) => checks(b) - checks(a));
  }
}

function paceOf(socket: WritingSocket, before: Pace | undefined): Pace {
  const { bytesWritten = 0, writeQueueSize = 0 } = socket._handle ?? {};
  const now = { taken: bytesWritten - writeQueueSize, sent: socket.bytesRead };
  if (!before) return { ...now, slowChecks: { taking: 0, sending: 0 } };
  const isTaking = socket.writableLength > 0 && now.taken - before.taken < SLOW_BYTES;
  const isSending = now.sent - before.sent < SLOW_BYTES;
  const { taking, sending } = before.slowChecks;
  return { ...now, slowChecks: { taking: isTaking ? taking + 1 : 0, sending: isSending ? sending + 1 : 0 } };
}

function countedBytesOf({ running }: Connection): number {
  return [...running.values()].reduce((sum, { countedBytes }) => sum + countedBytes, 0);
}
