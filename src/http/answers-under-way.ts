import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Connection {
  running: Set<ServerResponse>;
  /** To the latest request whose head was read. */
  last: ServerResponse;
  /** The bytes that had come when the last was answered, if its request had come whole. */
  bytesAnswered: number | undefined;
}

/** The request of a connection whose head was read last. */
export interface LatestRequest {
  request: IncomingMessage;
  /** Whether it had come whole, and was answered, before the bytes that came last. */
  isPast: boolean;
}

/**
 * The answers under way on each connection. Whoever writes on a socket past Node's queue of answers asks here for its
 * turn (RFC 9112 §9.3.2: answers leave in the order of the requests).
 */
export class AnswersUnderWay {
  private static readonly all = new WeakMap<Server, AnswersUnderWay>();
  private readonly connections = new WeakMap<Socket, Connection>();

  /** Those of a server that is watched. */
  static at(server: Server): AnswersUnderWay {
    const here = AnswersUnderWay.all.get(server);
    if (!here) throw new Error('The answers of this server are not watched');
    return here;
  }

  watch(server: Server): void {
    AnswersUnderWay.all.set(server, this);
    server.prependListener('request', ({ socket }, response: ServerResponse) => {
      const connection = this.connections.get(socket);
      if (connection) {
        connection.running.add(response);
        connection.last = response;
        connection.bytesAnswered = undefined;
      } else {
        this.connections.set(socket, { running: new Set([response]), last: response, bytesAnswered: undefined });
      }
      response.on('close', () => this.end(socket, response));
    });
  }

  private end(socket: Socket, response: ServerResponse): void {
    const connection = this.connections.get(socket)!;
    connection.running.delete(response);
    const isLast = response === connection.last;
    if (isLast && response.req.complete) connection.bytesAnswered = socket.bytesRead;
  }

  runningOn(socket: Socket): Iterable<ServerResponse> {
    return this.connections.get(socket)?.running ?? [];
  }

  /** Undefined before the first. */
  latestOn(socket: Socket): LatestRequest | undefined {
    const connection = this.connections.get(socket);
    if (!connection) return undefined;
    const { last, running, bytesAnswered = socket.bytesRead } = connection;
    return { request: last.req, isPast: running.size === 0 && bytesAnswered < socket.bytesRead };
  }

  /** Whether bytes came behind the last request that was answered. */
  hasBegunNext(socket: Socket): boolean {
    const { bytesAnswered = 0 } = this.connections.get(socket) ?? {};
    return bytesAnswered < socket.bytesRead;
  }

  /**
   * The answers that must be over before this request may be carried out: requests on one connection run beside each
   * other only where all of them have safe methods (RFC 9112 §9.3.2). Of those that came after it none counts, since each
   * waits for this one.
   */
  aheadOf(response: ServerResponse): ServerResponse[] {
    const running = this.connections.get(response.req.socket)?.running;
    if (!running || running.size < 2) return [];
    const all = [...running];
    const before = all.slice(0, all.indexOf(response));
    return isSafe(response) ? before.filter((other) => !isSafe(other)) : before;
  }

  /**
   * Waits until every request that was read whole is answered. False: the message that could not be read on has an
   * answer already, which its head alone decided.
   */
  async turnOfBrokenMessage(socket: Socket): Promise<boolean> {
    const connection = this.connections.get(socket);
    if (!connection) return true;
    const { running, last } = connection;
    const broken = last.req.complete ? undefined : last;
    await allClosed([...running].filter((response) => response !== broken));
    if (!broken?.headersSent) return true;
    await allClosed([...running]);
    return false;
  }
}

/** Waits until these answers have left, or their connection is gone. */
export async function allClosed(responses: ServerResponse[]): Promise<void> {
  // All that is pipelined behind an answer waits for it.
  for (const response of responses) response.setMaxListeners(0);
  await Promise.all(responses.map((response) => once(response, 'close')));
}

// RFC 9110 §9.2.1.
function isSafe({ req }: ServerResponse): boolean {
  return ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(req.method ?? '');
}
