import type { Server, ServerResponse } from 'node:http';

/**
 * Cuts a connection whose client takes longer than `timeoutMs` to read a written answer. Node would keep the answer in
 * memory for as long as the client reads nothing, or a byte now and then.
 */
export function limitAnswerTime(server: Server, timeoutMs: number): void {
  function limit(this: ServerResponse): void {
    const { socket } = this.req;
    // The usual case: the system has taken the whole answer.
    if (socket.writableLength === 0) return;
    const timer = setTimeout(() => socket.resetAndDestroy(), timeoutMs).unref();
    this.once('close', () => clearTimeout(timer));
  }
  server.prependListener('request', (_request, response: ServerResponse) => response.on('prefinish', limit));
}
