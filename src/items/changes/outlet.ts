import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { bytesTakenFrom } from '../../http/load/slow-callers.js';
import type { AnswersUnderWay } from '../../http/wire/answers-under-way.js';

/** The most bytes of a stream that wait for its client. Beyond it the connection is cut. */
const MOST_WAITING_BYTES = 262_144;

/** What waits is counted anew when it has changed by as many bytes. */
const COUNTED_BYTES = 16_384;

/** Where the bytes of a stream leave. What its client does not read is bounded in bytes and in time, and counted as answers are. */
export class Outlet {
  private countedBytes = 0;
  private taken = 0;
  private takenAtMs: number | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly underWay: AnswersUnderWay,
    /** How long a client may read nothing of what waits for it. */
    private readonly timeoutMs: number,
  ) {}

  /** Cuts the connection if too much waits. */
  bound(source: Readable): void {
    const waiting = this.count(source);
    if (waiting > MOST_WAITING_BYTES) this.cut();
  }

  /** Cuts the connection if something waits, and none of it was read for too long. */
  tick(source: Readable, nowMs: number): void {
    const waiting = this.count(source);
    const taken = bytesTakenFrom(this.response.req.socket);
    if (waiting === 0 || taken !== this.taken || this.takenAtMs === undefined) {
      this.taken = taken;
      this.takenAtMs = nowMs;
    } else if (nowMs - this.takenAtMs >= this.timeoutMs) this.cut();
  }

  private count({ readableLength }: Readable): number {
    const waiting = readableLength + this.response.writableLength;
    if (Math.abs(waiting - this.countedBytes) >= COUNTED_BYTES) {
      this.countedBytes = waiting;
      this.underWay.made(this.response, waiting);
    }
    return waiting;
  }

  // A reset, so that the system drops what it holds, too.
  private cut(): void {
    this.response.req.socket.resetAndDestroy();
  }
}
