/* eslint-disable no-underscore-dangle -- the names are those of Node */
import type { Socket } from 'node:net';
import type { AnswersUnderWay, Connection } from './answers-under-way.js';
import { refuseContent } from './content-room.js';

/** How often it is seen who is slow, in milliseconds. */
export const CHECK_MS = 250;

/** Slow is who moves fewer bytes from one check to the next: 16 KiB a second. */
const SLOW_BYTES = 4_096;

/** Who was slow so often in a row must give room. */
const MOST_SLOW_CHECKS = 4;

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
  private readonly paces = new WeakMap<Socket, Pace>();

  constructor(private readonly underWay: AnswersUnderWay) {}

  check({ answers, content }: { answers: boolean; content: boolean }): void {
    for (const [socket, connection] of this.underWay.connections) {
      const pace = this.paceOf(socket);
      if (answers && pace.slowChecks.taking >= MOST_SLOW_CHECKS) socket.resetAndDestroy();
      else if (content && pace.slowChecks.sending >= MOST_SLOW_CHECKS) refuseContentOn(connection);
    }
  }

  private paceOf(socket: WritingSocket): Pace {
    const { bytesWritten = 0, writeQueueSize = 0 } = socket._handle ?? {};
    const before = this.paces.get(socket);
    const now = { taken: bytesWritten - writeQueueSize, sent: socket.bytesRead };
    const isTaking = socket.writableLength > 0 && before !== undefined && now.taken - before.taken < SLOW_BYTES;
    const isSending = before !== undefined && now.sent - before.sent < SLOW_BYTES;
    const slowChecks = {
      taking: isTaking ? before.slowChecks.taking + 1 : 0,
      sending: isSending ? before.slowChecks.sending + 1 : 0,
    };
    const pace = { ...now, slowChecks };
    this.paces.set(socket, pace);
    return pace;
  }
}

function refuseContentOn({ running }: Connection): void {
  for (const { response, contentBytes } of running.values()) {
    if (contentBytes > 0 && !response.req.complete) refuseContent(response.req);
  }
}
