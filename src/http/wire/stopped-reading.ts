/* eslint-disable no-underscore-dangle -- the names are those of Node */
import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';

/** The members that Node's HTTP server puts on its sockets and stops them by (lib/_http_server.js). */
interface HttpSocket extends Socket {
  parser?: { onIncoming: ((...head: unknown[]) => number) | null; resume(): void } | null;
  /** While true, Node's HTTP server does not resume the socket. */
  _paused?: boolean;
}

interface Reading {
  /** The parser is to stop behind the head that it hands on now. */
  isStopAsked: boolean;
  /** The rest of the packet behind the head at which the parser stopped. */
  rest: Buffer | undefined;
  /** Node's error that the request at which the parser stopped takes too long to arrive. */
  late: ConnectionError | undefined;
  isDiscarding: boolean;
  /** Nothing more is read from the system. */
  isPaused: boolean;
}

/** Returned to llhttp behind a head, this stops it there (llhttp's error HPE_PAUSED). */
const PAUSE = 21;

/** Returned to llhttp, this says that the message has no body. */
const WITHOUT_CONTENT = 1;

const readings = new WeakMap<Socket, Reading>();

/**
 * Makes it possible to stop a connection behind any head. Pausing its socket would stop only at the end of a packet, and
 * one packet of 64 KiB holds 2,000 requests.
 */
export function makeStoppable(socket: HttpSocket): void {
  const { parser } = socket;
  const handOn = parser?.onIncoming;
  if (!parser || !handOn) return;
  const reading: Reading = {
    isStopAsked: false,
    rest: undefined,
    late: undefined,
    isDiscarding: false,
    isPaused: false,
  };
  readings.set(socket, reading);
  const resume = socket.resume.bind(socket);
  // Node would resume a paused socket whenever an answer has left or a message is complete. Set once: a member that comes and
  // goes makes V8 keep all members of the socket in a hash table, which is slow for as long as the connection lasts.
  socket.resume = () => (reading.isPaused ? socket : resume());
  parser.onIncoming = (...head) => {
    if (reading.isDiscarding) return WITHOUT_CONTENT;
    const verdict = handOn(...head);
    // Another verdict comes from CONNECT, which ends the connection.
    if (!reading.isStopAsked || verdict !== 0) return verdict;
    reading.isStopAsked = false;
    return PAUSE;
  };
}

/** Stops reading behind the head that is handed on now. For listeners of `request`. */
export function stopReading(socket: Socket): void {
  const reading = readings.get(socket);
  if (reading) reading.isStopAsked = true;
}

/** Reads nothing more from the system. What is read already still goes to the parser. */
export function pauseReading(socket: HttpSocket): void {
  const reading = readings.get(socket);
  if (!reading) return;
  socket.pause();
  socket._paused = true;
  reading.isPaused = true;
}

/** Undoes pauseReading(). */
export function resumeReading(socket: HttpSocket): void {
  const reading = readings.get(socket);
  // Node pauses sockets too.
  if (!reading?.isPaused) return;
  setGoing(socket, reading);
  // At the end of a packet Node has paused the parser of a paused socket.
  socket.parser?.resume();
  socket.resume();
}

/** Whether an error of the parser only comes from the stop. */
export function comesOfStop(error: ConnectionError, socket: HttpSocket): boolean {
  const reading = readings.get(socket);
  if (!reading) return false;
  if (reading.isDiscarding) return true;
  if (error.code === 'HPE_PAUSED') {
    // Fastify's type says that rawPacket is JSON. Node documents a Buffer (http, event 'clientError').
    reading.rest = (error.rawPacket as unknown as Buffer).subarray(error.bytesParsed);
    pauseReading(socket);
    return true;
  }
  if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT' || reading.rest === undefined) return false;
  reading.late = error;
  return true;
}

/** Goes on where a connection was stopped. Returns Node's error about a late request, if it came during the stop. */
export function readOn(socket: HttpSocket): ConnectionError | undefined {
  const reading = readings.get(socket);
  const rest = reading?.rest;
  if (!reading || rest === undefined) return undefined;
  const { late } = reading;
  Object.assign(reading, { rest: undefined, late: undefined });
  setGoing(socket, reading);
  socket.parser?.resume();
  // Node listens to `data`, although its parser reads the socket by itself.
  socket.emit('data', rest);
  if (!socket._paused) socket.resume();
  return late;
}

/** Discards all that still comes. Node would make requests of it and keep them, although nobody answers them. */
export function discardRequests(socket: HttpSocket): void {
  const reading = readings.get(socket);
  if (!reading) return;
  reading.isDiscarding = true;
  if (reading.rest === undefined) return;
  reading.rest = undefined;
  setGoing(socket, reading);
  socket.resume();
}

function setGoing(socket: HttpSocket, reading: Reading): void {
  reading.isPaused = false;
  socket._paused = false;
}
