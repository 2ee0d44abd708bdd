/** How long a client can take, in milliseconds. */
export interface Timeouts {
  /** To send the head of a request; requestTimeoutMs bounds it too. */
  headersTimeoutMs: number;
  /** To send a whole request. */
  requestTimeoutMs: number;
  /** To begin a request, the first or the next. */
  keepAliveTimeoutMs: number;
  /** To read an answer. */
  answerTimeoutMs: number;
}

/** How long the head of a request can take, in milliseconds. */
export function headersTimeoutOf({ headersTimeoutMs, requestTimeoutMs }: Timeouts): number {
  return Math.min(headersTimeoutMs, requestTimeoutMs);
}
