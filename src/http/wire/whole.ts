import type { ServerResponse } from 'node:http';
import { Tally } from '../../counting/tally.js';
import type { Share } from './connection-share.js';

declare module 'node:http' {
  interface IncomingMessage {
    /** The id of the operation that the request is for, once that is known. */
    operationId?: string;
  }
}

/** What the requests of all connections take together. */
export class Whole {
  answerBytes = 0;
  bodyBytes = 0;
  /** Requests that were let in and have no answer yet. */
  waiting = 0;
  /** How many requests have waited so far, and wait no more. */
  answered = 0;
  /** How many bytes of answers have left so far, or will not. */
  answerBytesGone = 0;
  /** How many bytes of bodies were taken so far, and are no more. */
  bodyBytesGone = 0;
  /** Requests whose connection ended before their answer had left, by the id of their operation. */
  readonly aborted = new Tally();
  private readonly listeners: (() => void)[] = [];
  /** Requests that are still being carried out, although their connections are gone. */
  private readonly abandoned = new Map<ServerResponse, Share>();

  /** Calls back when it becomes less. */
  onLess(listener: () => void): void {
    this.listeners.push(listener);
  }

  beginWaiting(share: Share): void {
    share.isWaiting = true;
    this.waiting += 1;
  }

  endWaiting(share: Share): void {
    if (!share.isWaiting) return;
    share.isWaiting = false;
    this.waiting -= 1;
    this.answered += 1;
  }

  /** An answer is made. `isShared`: other answers have the same bytes. */
  made(share: Share, answerBytes: number, isShared: boolean): void {
    const countedBytes = isShared ? 0 : answerBytes;
    this.answerBytes += countedBytes - share.countedBytes;
    Object.assign(share, { answerBytes, countedBytes, isMade: true });
    this.endWork(share);
    this.tellLess();
  }

  /** The answer has left, or will not. Until its handler has made it, the request itself still takes what it does. */
  giveBack(share: Share): void {
    share.isOver = true;
    if (hasNotLeft(share)) this.aborted.count(share.response.req.operationId ?? 'outside');
    this.answerBytes -= share.countedBytes;
    this.answerBytesGone += share.countedBytes;
    if (share.isCarriedOut && !share.isMade && !share.response.writableEnded) this.abandoned.set(share.response, share);
    else this.endWork(share);
    this.tellLess();
  }

  /** The answer is made, though its connection is gone. */
  madeForNobody(response: ServerResponse): void {
    const share = this.abandoned.get(response);
    if (!share) return;
    this.abandoned.delete(response);
    this.endWork(share);
    this.tellLess();
  }

  private endWork(share: Share): void {
    this.bodyBytes -= share.bodyBytes;
    this.bodyBytesGone += share.bodyBytes;
    share.bodyBytes = 0;
    this.endWaiting(share);
  }

  private tellLess(): void {
    for (const listener of this.listeners) listener();
  }
}

// Node takes an answer off its socket once it has left. One that waits behind others was never on it.
function hasNotLeft({ response, isAnsweredOnSocket }: Share): boolean {
  return !isAnsweredOnSocket && (response.socket !== null || !response.writableFinished);
}
