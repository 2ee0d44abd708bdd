/* eslint-disable no-underscore-dangle -- the names are those of Node */
import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';

/** What Node's HTTP server keeps on its sockets (lib/_http_server.js), and stops them by. */
interface HttpSocket extends Socket {
  parser?: { onIncoming: ((...head: unknown[]) => number) | null; resume(): void } | null;
  /** While true, nothing in Node makes the socket go on. */
  _paused?: boolean;
}

interface Reading {
  /** The parser stops behind the head that it hands on now. */
  isStopAsked: boolean;
  /** What came in one packet behind the head at which the parser stopped. */
  rest: Buffer | undefined;
  /** Node's complaint that the request at which the parser stopped takes too long to arrive. */
  late: ConnectionError | undefined;
  isDiscarding: boolean;
}

/** What Node's parser returns to llhttp behind a head, to be stopped there (llhttp's error HPE_PAUSED). */
const PAUSE = 21;

/** The same for a head without content. */
const WITHOUT_CONTENT = 1;

const readings = new WeakMap<Socket, Reading>();

/**
 * Makes a connection one that can be stopped. A socket that is paused stops at the end of a packet only, and one packet of
 * 64 KiB holds 2,000 requests.
 */
export function makeStoppable(socket: HttpSocket): void {
  const { parser } = socket;
  const handOn = parser?.onIncoming;
  if (!parser || !handOn) return;
  const reading: Reading = { isStopAsked: false, rest: undefined, late: undefined, isDiscarding: false };
  readings.set(socket, reading);
  parser.onIncoming = (...head) => {
    if (reading.isDiscarding) return WITHOUT_CONTENT;
    const verdict = handOn(...head);
    // Any other verdict is about CONNECT, which ends the connection.
    if (!reading.isStopAsked || verdict !== 0) return verdict;
    reading.isStopAsked = false;
    return PAUSE;
  };
}

/** Reads nothing behind the head that is handed on now; for listeners of `request`. */
export function stopReading(socket: Socket): void {
  const reading = readings.get(socket);
  if (reading) reading.isStopAsked = true;
}

/** The bytes that a stopped connection keeps unread; undefined if it reads on. */
export function unreadOn(socket: Socket): Buffer | undefined {
  return readings.get(socket)?.rest;
}

/** Whether an error of the parser only says that reading was stopped, or what comes of that. */
export function comesOfStop(error: ConnectionError, socket: HttpSocket): boolean {
  const reading = readings.get(socket);
  if (!reading) return false;
  if (reading.isDiscarding) return true;
  if (error.code === 'HPE_PAUSED') {
    // Fastify's type for it says that rawPacket is JSON; Node documents a Buffer (http, event 'clientError').
    reading.rest = (error.rawPacket as unknown as Buffer).subarray(error.bytesParsed);
    socket.pause();
    socket._paused = true;
    // Node resumes a socket whenever an answer has left or a message is complete.
    socket.resume = () => socket;
    return true;
  }
  if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT' || reading.rest === undefined) return false;
  reading.late = error;
  return true;
}

/** Goes on where a connection was stopped. Gives Node's complaint about the time that the request took, which is moot. */
export function readOn(socket: HttpSocket): ConnectionError | undefined {
  const reading = readings.get(socket);
  const rest = reading?.rest;
  if (!reading || rest === undefined) return undefined;
  const { late } = reading;
  Object.assign(reading, { rest: undefined, late: undefined });
  setGoing(socket);
  socket.parser?.resume();
  // As if it had just come; Node listens for it although its parser reads the socket by itself.
  socket.emit('data', rest);
  if (!socket._paused) socket.resume();
  return late;
}

/** From now on no request is made of what comes. Node would keep each, although nobody answers it any more. */
export function discardRequests(socket: HttpSocket): void {
  const reading = readings.get(socket);
  if (!reading) return;
  reading.isDiscarding = true;
  if (reading.rest === undefined) return;
  reading.rest = undefined;
  setGoing(socket);
  socket.resume();
}

function setGoing(socket: HttpSocket): void {
  // The method of the class is seen again.
  Reflect.deleteProperty(socket, 'resume');
  socket._paused = false;
}
