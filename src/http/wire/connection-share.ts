import type { IncomingMessage, ServerResponse } from 'node:http';

/** The most requests of one connection that are under way at the same time. */
export const MOST_AT_ONCE = 16;

/** A stopped connection goes on when this number is left, so that it is not stopped again for each request. */
const FEW_LEFT = MOST_AT_ONCE / 2;

/** No further request of a connection begins while more bytes of its answers wait. */
const PILE_LIMIT_BYTES = 262_144;

/** The room that an answer takes until it is made: more than most need. */
export const SMALL_ANSWER_BYTES = 2_048;

/** What one request takes. */
export interface Share {
  response: ServerResponse;
  /** The size of its answer: the expected one, then the true one. */
  answerBytes: number;
  /** The part of `answerBytes` that is counted in the whole; less while it waits for room. */
  countedBytes: number;
  /** The size of its body, while that is being read. */
  bodyBytes: number;
  /** It was let in and waits for its answer, so it counts against MAX_WAITING. */
  isWaiting: boolean;
  /** It is being carried out, also after its connection is gone. */
  isCarriedOut: boolean;
  /** The rest of it was no HTTP, and its answer was written on the socket itself. */
  isAnsweredOnSocket: boolean;
  /** Its answer is made and waits for the client to read it. */
  isMade: boolean;
  /** It is answered, or its connection is gone: it takes no more memory. */
  isOver: boolean;
}

/** What is under way on one connection. */
export interface Connection {
  running: Map<ServerResponse, Share>;
  /** Sum of the answers of its shares. */
  pileBytes: number;
  /** The answer to the last request whose head was read. */
  last: ServerResponse;
  /** Bytes read when the last answer ended, if its request was complete. */
  bytesAnswered: number | undefined;
  /** The request behind which reading stopped, and what it does when the connection goes on. */
  stopped: { at: ServerResponse; goOn: () => void } | undefined;
  /** A request of it was refused, and nothing more is read for a while. */
  isHeld: boolean;
  /** Called when a request, or a broken one, comes behind an answer that waits on purpose. */
  onNext: (() => void) | undefined;
}

/** What a new request takes. */
export function shareOf(response: ServerResponse): Share {
  return {
    response,
    answerBytes: SMALL_ANSWER_BYTES,
    countedBytes: SMALL_ANSWER_BYTES,
    bodyBytes: 0,
    isWaiting: false,
    isCarriedOut: false,
    isAnsweredOnSocket: false,
    isMade: false,
    isOver: false,
  };
}

/** What a request takes, and what it has to wait for. */
export interface Turn {
  share: Share;
  /** Set if reading stopped behind it. */
  stopped: Connection['stopped'];
  /** Nothing else is under way on its connection. */
  isAlone: boolean;
}

/** The last request of a connection whose head was read. */
export interface LatestRequest {
  request: IncomingMessage;
  /** Whether it was complete and answered before the latest bytes came. */
  isPast: boolean;
}

/** Whether a connection has enough under way, so that no further request begins. */
export function hasEnough({ running, pileBytes }: Connection): boolean {
  return running.size >= MOST_AT_ONCE || pileBytes > PILE_LIMIT_BYTES;
}

/** Whether a stopped connection can go on. */
export function mayGoOn({ running, stopped, pileBytes, isHeld }: Connection): boolean {
  if (isHeld) return false;
  const own = stopped && running.get(stopped.at);
  const others = own ? running.size - 1 : running.size;
  return others <= FEW_LEFT && pileBytes - (own?.answerBytes ?? 0) <= PILE_LIMIT_BYTES;
}
