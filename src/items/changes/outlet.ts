import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { bytesTakenFrom } from '../../http/load/slow-callers.js';
import type { AnswersUnderWay } from '../../http/wire/answers-under-way.js';
import { bytesInSendQueue } from '../../http/wire/send-queue.js';

/** The most bytes of a stream that wait for its client. Beyond it the connection is cut. */
const MOST_WAITING_BYTES = 262_144;

/** What waits is counted anew when it has changed by as many bytes. */
const COUNTED_BYTES = 16_384;

/** A client that reads nothing in this number of spans, each of ANSWER_TIMEOUT_MS, has stopped. */
const MOST_STILL_SPANS = 5;

/** How far a client has read. A change of either number is progress. */
interface Progress {
  /** Bytes that the system has taken, which moves in steps of up to a megabyte. */
  taken: number;
  /** Bytes of them that the client has not got, where the system tells. It moves in steps of some 10 to 300 KB. */
  queued: number | undefined;
}

/**
 * Where the bytes of a stream leave. What its client does not read is bounded in bytes and counted as answers are. A client that reads,
 * however slowly, is not bounded in time; one that has stopped is cut.
 */
export class Outlet {
  private countedBytes = 0;
  private read: Progress = { taken: 0, queued: undefined };
  private stillSpans = 0;
  /** When the span began, at whose end is looked how far the client is. */
  private spanBeganAtMs: number | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly underWay: AnswersUnderWay,
    private readonly spanMs: number,
  ) {}

  /** Cuts the connection if too much waits. */
  bound(source: Readable): void {
    const waiting = this.count(source);
    if (waiting > MOST_WAITING_BYTES) this.cut();
  }

  /** Cuts the connection if something waits, and none of it was read for too long. */
  tick(source: Readable, nowMs: number): void {
    const waiting = this.count(source);
    const taken = bytesTakenFrom(this.socket);
    if (waiting === 0 || taken !== this.read.taken || this.spanBeganAtMs === undefined) {
      this.noteProgress({ taken, queued: undefined }, nowMs);
    } else if (nowMs - this.spanBeganAtMs >= this.spanMs) {
      this.spanBeganAtMs = nowMs;
      void this.endSpan(taken, nowMs);
    }
  }

  private async endSpan(taken: number, nowMs: number): Promise<void> {
    const queued = await bytesInSendQueue(this.socket);
    // It has read on meanwhile.
    if (taken !== this.read.taken) return;
    const before = this.read.queued;
    if (before !== undefined && queued !== undefined && queued < before)
      return this.noteProgress({ taken, queued }, nowMs);
    this.read = { taken, queued };
    this.stillSpans += 1;
    if (this.stillSpans >= MOST_STILL_SPANS) this.cut();
  }

  private noteProgress(read: Progress, nowMs: number): void {
    this.read = read;
    this.stillSpans = 0;
    this.spanBeganAtMs = nowMs;
  }

  private count({ readableLength }: Readable): number {
    const waiting = readableLength + this.response.writableLength;
    if (Math.abs(waiting - this.countedBytes) >= COUNTED_BYTES) {
      this.countedBytes = waiting;
      this.underWay.made(this.response, waiting);
    }
    return waiting;
  }

  private get socket(): Socket {
    return this.response.req.socket;
  }

  // A reset, so that the system drops what it holds, too.
  private cut(): void {
    this.socket.resetAndDestroy();
  }
}
