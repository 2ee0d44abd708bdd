/** How long the other side may take, in milliseconds. */
export interface Timeouts {
  /** To send the head of a request; no longer than the whole. */
  headersTimeoutMs: number;
  /** To send a request. */
  requestTimeoutMs: number;
  /** To begin a request, the first or the next. */
  keepAliveTimeoutMs: number;
  /** To take an answer. */
  answerTimeoutMs: number;
}

/** How long the head of a request may take, in milliseconds. */
export function headersTimeoutOf({ headersTimeoutMs, requestTimeoutMs }: Timeouts): number {
  return Math.min(headersTimeoutMs, requestTimeoutMs);
}
