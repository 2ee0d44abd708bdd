import type { IncomingMessage, ServerResponse } from 'node:http';

/** The most requests of one connection that are under way beside each other. */
export const MOST_AT_ONCE = 16;

/** A connection that was stopped goes on when so many are left, so that it is not stopped for each request anew. */
const FEW_LEFT = MOST_AT_ONCE / 2;

/** No further request of a connection is begun while so many bytes of answers wait on it. */
const PILE_LIMIT_BYTES = 262_144;

/** What one request takes of the memory. */
export interface Share {
  response: ServerResponse;
  /** Of its answer: what it may have, then what it has. */
  answerBytes: number;
  /** Of that, what is counted in the whole; less while it waits for room. */
  countedBytes: number;
  /** Of its content, while that is being read. */
  bodyBytes: number;
  /** Its answer is there, and waits to be taken. */
  isMade: boolean;
  /** It is answered, or its connection is gone: it takes nothing any more. */
  isOver: boolean;
}

/** What is under way on one connection. */
export interface Connection {
  running: Map<ServerResponse, Share>;
  /** Sum of the answers of its shares. */
  pileBytes: number;
  /** To the latest request whose head was read. */
  last: ServerResponse;
  /** The bytes that had come when the last was answered, if its request had come whole. */
  bytesAnswered: number | undefined;
  /** The request behind which the connection is read no further, and what it does when it may go on. */
  stopped: { at: ServerResponse; goOn: () => void } | undefined;
}

/** What a request takes, and what it has to wait for. */
export interface Turn {
  share: Share;
  /** Set where its connection is stopped behind it. */
  stopped: Connection['stopped'];
  /** Nothing else is under way on its connection. */
  isAlone: boolean;
}

/** The request of a connection whose head was read last. */
export interface LatestRequest {
  request: IncomingMessage;
  /** Whether it had come whole, and was answered, before the bytes that came last. */
  isPast: boolean;
}

/** Whether no further request of a connection is begun. */
export function hasEnough({ running, pileBytes }: Connection): boolean {
  return running.size >= MOST_AT_ONCE || pileBytes > PILE_LIMIT_BYTES;
}

/** Whether a connection that was stopped may go on. */
export function mayGoOn({ running, stopped, pileBytes }: Connection): boolean {
  const own = stopped && running.get(stopped.at);
  const others = own ? running.size - 1 : running.size;
  return others <= FEW_LEFT && pileBytes - (own?.answerBytes ?? 0) <= PILE_LIMIT_BYTES;
}
