import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { mayGoOn, type Connection } from './connection-share.js';
import { takesNoMore } from './last-request.js';
import { handOnKept, readOn } from './stopped-reading.js';

/** How long stopped connections go on in one turn of the event loop, in milliseconds. */
const SLICE_MS = 10;

/** Connections that were not read for a while and go on, in turn with others. */
export class StoppedConnections {
  private readonly goingOn = new Map<Socket, Connection>();

  /** Lets a connection go on in a later turn of the event loop: otherwise a client that pipelines would be served before everybody else. */
  goOnLater(socket: Socket, connection: Connection): void {
    if (!mayGoOn(connection) || takesNoMore(socket)) return;
    if (this.goingOn.size === 0) setImmediate(() => this.goOnInTurn());
    this.goingOn.set(socket, connection);
  }

  private goOnInTurn(): void {
    const end = performance.now() + SLICE_MS;
    for (const [socket, connection] of this.goingOn) {
      this.goingOn.delete(socket);
      if (!socket.destroyed) goOn(socket, connection);
      if (performance.now() > end) break;
    }
    if (this.goingOn.size > 0) setImmediate(() => this.goOnInTurn());
  }
}

function goOn(socket: Socket, connection: Connection): void {
  if (!mayGoOn(connection) || takesNoMore(socket)) return;
  handOnKept(socket);
  const { stopped, last } = connection;
  connection.stopped = undefined;
  const { req } = stopped?.at ?? last;
  const late = readOn(socket);
  // The time during which nothing was read does not count against the client.
  if (late && !req.complete) restartClock(socket, req, late);
  stopped?.goOn();
}

function restartClock(socket: Socket, request: IncomingMessage, late: Error): void {
  const { server } = socket as Socket & { server: Server };
  setTimeout(() => {
    if (!request.complete && !socket.destroyed) server.emit('clientError', late, socket);
  }, server.requestTimeout).unref();
}
