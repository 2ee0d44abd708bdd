/* eslint-disable no-underscore-dangle -- the names are those of Node */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';

/** `upgrade`: it is CONNECT, or has the field Upgrade. */
type HttpRequest = IncomingMessage & { upgrade?: boolean | null };

/** The members that Node's HTTP server puts on its sockets and stops them by (lib/_http_server.js). */
interface HttpSocket extends Socket {
  parser?: { onIncoming: ((request: HttpRequest, ...rest: unknown[]) => number) | null; resume(): void } | null;
  /** While true, Node's HTTP server does not resume the socket. */
  _paused?: boolean;
}

interface Reading {
  /** The parser is to stop behind the head that it hands on now. */
  isStopAsked: boolean;
  /** The next head is to be kept, and the parser to stop behind it. */
  isKeepAsked: boolean;
  /** Hands on the head that is kept. */
  handOn: (() => void) | undefined;
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
    isKeepAsked: false,
    handOn: undefined,
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
  parser.onIncoming = (request, ...rest) => {
    if (reading.isDiscarding) return WITHOUT_CONTENT;
    // The parser does not stop behind the head of an upgrade, which ends the connection in any case.
    if (reading.isKeepAsked && !request.upgrade) {
      reading.isKeepAsked = false;
      reading.handOn = () => handOn(request, ...rest);
      return PAUSE;
    }
    const verdict = handOn(request, ...rest);
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

/** Keeps the next head and stops behind it. Until it comes the socket is read: otherwise nobody would learn that it closes. */
export function keepNext(socket: Socket): void {
  const reading = readings.get(socket);
  if (reading) reading.isKeepAsked = true;
}

/** Undoes keepNext(). False if a head is kept: then handOnKept() and readOn() go on with it. */
export function keepNoNext(socket: Socket): boolean {
  const reading = readings.get(socket);
  if (!reading) return true;
  reading.isKeepAsked = false;
  return reading.handOn === undefined;
}

/** Hands on the head that is kept, if there is one. To be called before readOn(). */
export function handOnKept(socket: Socket): void {
  const reading = readings.get(socket);
  const handOn = reading?.handOn;
  if (!reading || !handOn) return;
  reading.handOn = undefined;
  handOn();
}

/** Whether an error of the parser only comes from the stop. */
export function comesOfStop(error: ConnectionError, socket: HttpSocket): boolean {
  const reading = readings.get(socket);
  if (!reading) return false;
  if (reading.isDiscarding) return true;
  if (error.code === 'HPE_PAUSED') {
    // Fastify's type says that rawPacket is JSON. Node documents a Buffer (http, event 'clientError').
    reading.rest = (error.rawPacket as unknown as Buffer).subarray(error.bytesParsed);
    socket.pause();
    socket._paused = true;
    reading.isPaused = true;
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
