import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { hasEnough, shareOf, type Connection, type LatestRequest, type Share, type Turn } from './connection-share.js';
import { takesNoMore } from './last-request.js';
import { Whole } from './whole.js';
import { StoppedConnections } from './stopped-connections.js';
import { keepNext, keepNoNext, makeStoppable, stopReading } from './stopped-reading.js';

/** The most pipelined requests that begin in one turn of the event loop. */
const MOST_IN_A_TURN = 16;

/**
 * The answers under way on each connection. Code that writes on a socket past Node's queue of answers must ask here for
 * its turn (RFC 9112 §9.3.2: answers leave in the order of the requests). A connection with enough answers is not read on.
 */
@Injectable()
export class AnswersUnderWay {
  readonly connections = new Map<Socket, Connection>();
  private begunInTurn = 0;
  private readonly stopped = new StoppedConnections();
  readonly whole = new Whole();

  watch(server: Server): void {
    server.prependListener('request', ({ socket }, response: ServerResponse) => {
      const connection = this.connections.get(socket) ?? this.begin(socket, response);
      const { running } = connection;
      connection.onNext?.();
      if (running.size > 0 && (this.isTurnOver() || !mayTakeOn(socket, connection))) {
        stopReading(socket);
        connection.stopped = { at: response, goOn: () => undefined };
      }
      const share = shareOf(response);
      running.set(response, share);
      connection.pileBytes += share.answerBytes;
      this.whole.answerBytes += share.answerBytes;
      connection.last = response;
      connection.bytesAnswered = undefined;
      response.on('close', () => this.end(socket, connection, share));
    });
  }

  // A thousand connections can each bring a packet full of requests.
  private isTurnOver(): boolean {
    if (this.begunInTurn === 0) setImmediate(() => (this.begunInTurn = 0));
    this.begunInTurn += 1;
    return this.begunInTurn > MOST_IN_A_TURN;
  }

  private begin(socket: Socket, last: ServerResponse): Connection {
    const connection: Connection = {
      running: new Map(),
      pileBytes: 0,
      last,
      bytesAnswered: undefined,
      stopped: undefined,
      isHeld: false,
      onNext: undefined,
    };
    this.connections.set(socket, connection);
    makeStoppable(socket);
    // When a connection is lost, Node closes only its first response.
    socket.once('close', () => this.forget(socket, connection));
    return connection;
  }

  private end(socket: Socket, connection: Connection, share: Share): void {
    const { response } = share;
    // Its room was given back when the socket closed.
    if (share.isOver) return;
    connection.running.delete(response);
    connection.pileBytes -= share.answerBytes;
    if (response === connection.last && response.req.complete) connection.bytesAnswered = socket.bytesRead;
    this.whole.giveBack(share);
    // Nobody answers what is behind the last answer, though the socket may stay open for a while.
    if (takesNoMore(socket)) for (const rest of connection.running.values()) this.whole.endWaiting(rest);
    if (connection.stopped) this.stopped.goOnLater(socket, connection);
    else if (connection.isHeld && connection.running.size === 0) keepNext(socket);
  }

  private forget(socket: Socket, { running }: Connection): void {
    this.connections.delete(socket);
    for (const share of running.values()) this.whole.giveBack(share);
  }

  /** Counts a request among those that wait. */
  beginWaiting(response: ServerResponse): void {
    const share = this.connections.get(response.req.socket)?.running.get(response);
    if (share) this.whole.beginWaiting(share);
  }

  /**
   * Notes that an answer waits on purpose: without room, and not among the requests that wait. Calls back when another request comes behind it, or
   * has come.
   */
  follow(response: ServerResponse, onNext: () => void): void {
    const connection = this.connections.get(response.req.socket);
    const share = connection?.running.get(response);
    if (!connection || !share) return onNext();
    this.made(response, 0);
    if (connection.last === response) connection.onNext = onNext;
    else onNext();
  }

  /**
   * Takes no request from a connection behind its latest one, until released. False if the answer to that request closes the
   * connection.
   */
  hold(socket: Socket): boolean {
    const connection = this.connections.get(socket);
    if (!connection?.last.shouldKeepAlive) return false;
    connection.isHeld = true;
    return true;
  }

  /** Lets a held connection go on. */
  release(socket: Socket): void {
    const connection = this.connections.get(socket);
    if (!connection?.isHeld) return;
    connection.isHeld = false;
    if (connection.stopped || !keepNoNext(socket)) this.stopped.goOnLater(socket, connection);
  }

  /** The turn of a request whose answer can have that many bytes. Undefined if its connection is gone. */
  turnOf(response: ServerResponse, answerBytes = 0): Turn | undefined {
    const connection = this.connections.get(response.req.socket);
    const share = connection?.running.get(response);
    if (!connection || !share) return undefined;
    if (answerBytes > share.answerBytes) {
      connection.pileBytes += answerBytes - share.answerBytes;
      share.answerBytes = answerBytes;
    }
    const stopped = connection.stopped?.at === response ? connection.stopped : undefined;
    return { share, stopped, isAlone: connection.running.size === 1 && stopped === undefined };
  }

  /** Notes that an answer is made and the body of its request is freed. `isShared`: other answers have the same bytes. */
  made(response: ServerResponse, answerBytes: number, isShared = false): void {
    const { socket } = response.req;
    const connection = this.connections.get(socket);
    const share = connection?.running.get(response);
    if (!connection || !share) return this.whole.madeForNobody(response);
    connection.pileBytes += answerBytes - share.answerBytes;
    this.whole.made(share, answerBytes, isShared);
    if (connection.stopped) this.stopped.goOnLater(socket, connection);
  }

  runningOn(socket: Socket): Iterable<ServerResponse> {
    return this.connections.get(socket)?.running.keys() ?? [];
  }

  /** The last request whose head was read; undefined before the first. */
  latestOn(socket: Socket): LatestRequest | undefined {
    const connection = this.connections.get(socket);
    if (!connection) return undefined;
    const { last, running, bytesAnswered = socket.bytesRead } = connection;
    return { request: last.req, isPast: running.size === 0 && bytesAnswered < socket.bytesRead };
  }

  /** Whether bytes came after the last answered request. */
  hasBegunNext(socket: Socket): boolean {
    const { bytesAnswered = 0 } = this.connections.get(socket) ?? {};
    return bytesAnswered < socket.bytesRead;
  }

  /**
   * The answers that must be over before this request is carried out: requests of one connection run beside each other only
   * if all have safe methods (RFC 9112 §9.3.2).
   */
  aheadOf(response: ServerResponse): ServerResponse[] {
    const running = this.connections.get(response.req.socket)?.running;
    if (!running || running.size < 2) return [];
    const all = [...running.keys()];
    // Later ones wait for this one.
    const earlier = all.slice(0, all.indexOf(response));
    return isSafe(response) ? earlier.filter((other) => !isSafe(other)) : earlier;
  }

  /**
   * Waits until every complete request is answered. False: the broken message is answered already, judged by its head.
   */
  async turnOfBrokenMessage(socket: Socket): Promise<boolean> {
    const connection = this.connections.get(socket);
    if (!connection) return true;
    connection.onNext?.();
    const { running, last } = connection;
    const broken = last.req.complete ? undefined : last;
    await allClosed([...running.keys()].filter((response) => response !== broken));
    if (!broken?.headersSent) return true;
    await allClosed([...running.keys()]);
    return false;
  }

  /** Notes that the answer to the latest request, whose rest is broken, is written on the socket. */
  answeredOnSocket(socket: Socket): void {
    const { last, running } = this.connections.get(socket) ?? {};
    const share = last && !last.req.complete ? running?.get(last) : undefined;
    if (share) share.isAnsweredOnSocket = true;
  }
}

function mayTakeOn(socket: Socket, connection: Connection): boolean {
  return !hasEnough(connection) && !connection.isHeld && !takesNoMore(socket);
}

/** Waits until these answers have left, or their connection is gone. */
export async function allClosed(responses: ServerResponse[]): Promise<void> {
  // Every request that is pipelined behind an answer listens to it.
  for (const response of responses) response.setMaxListeners(0);
  await Promise.all(responses.map((response) => once(response, 'close')));
}

// RFC 9110 §9.2.1, RFC 10008 §2.
function isSafe({ req }: ServerResponse): boolean {
  return ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'].includes(req.method ?? '');
}
