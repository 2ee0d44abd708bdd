import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyRequest, onSendHookHandler } from 'fastify';
import type { Operation } from '../contract/operation.js';
import { limitAnswerTime } from './wire/answer-timeout.js';
import { resourcesOf, RouteTable } from './routes/route-table.js';
import type { Watch } from '../contract/watch.js';
import { AnswersUnderWay } from './wire/answers-under-way.js';
import { awaitTurn } from './load/await-turn.js';
import { keepUnpacked } from './load/content-room.js';
import { countAnswer } from './load/count-answer.js';
import { BODY_LIMIT_BYTES, decodeContent } from './head/content.js';
import { readJson } from './body/json/json-body.js';
import { closeIdle } from './wire/idle-connections.js';
import { judgeExpectations } from './head/expectation.js';
import { judgeHead } from './head/judge-head.js';
import { PARSER_LIMIT_BYTES } from './wire/parser-error.js';
import { ParserFaults, type AnswerToFault } from './wire/parser-faults.js';
import { JSON_PATCH, MERGE_PATCH } from './body/patch/patch.js';
import type { PublicUrl } from '../public-url.js';
import { requestIdOf } from './fields/request-id.js';
import { Room, type RoomLimits } from './load/room.js';
import type { StartGate } from './head/start-gate.js';
import { routableUrl } from './head/target.js';

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

/** What the HTTP side is made of. */
export interface AdapterParts {
  timeouts: Timeouts;
  limits: RoomLimits;
  publicUrl: PublicUrl;
  operations: Operation[];
  watch: Watch;
  startGate: StartGate;
  /** Whether the field Rehearse is followed. */
  rehearsal: boolean;
  /** Told of the answers that no hook of Fastify sees, before they leave. */
  onFaultAnswered: (answer: AnswerToFault) => void;
}

/**
 * Fastify under Nest, set so that nothing is answered past our checks and problems: the settings below each switch off
 * an answer of Fastify's or Node's own. `completeRoutes` must run once all of Nest's routes stand.
 */
export function createAdapter(parts: AdapterParts): { adapter: FastifyAdapter; completeRoutes: () => void } {
  const { timeouts, limits, publicUrl, operations, watch, startGate, rehearsal, onFaultAnswered } = parts;
  const headersTimeout = Math.min(timeouts.headersTimeoutMs, timeouts.requestTimeoutMs);
  const underWay = new AnswersUnderWay();
  const room = new Room(underWay, limits);
  const parserFaults = new ParserFaults(underWay, publicUrl, onFaultAnswered);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    clientErrorHandler: parserFaults.handle,
    forceCloseConnections: 'idle',
    genReqId: requestIdOf,
    http: {
      maxHeaderSize: PARSER_LIMIT_BYTES,
      requireHostHeader: false,
      headersTimeout,
      // Node looks for requests that are late so often, in milliseconds.
      connectionsCheckingInterval: Math.ceil(headersTimeout / 10),
    },
    keepAliveTimeout: timeouts.keepAliveTimeoutMs,
    requestTimeout: timeouts.requestTimeoutMs,
    return503OnClosing: false,
    rewriteUrl: routableUrl,
    routerOptions: { maxParamLength: PARSER_LIMIT_BYTES },
    skipMiddie: true,
  });
  const fastify = adapter.getInstance();
  const routes = new RouteTable(operations);

  // Node would drop the fields past 2,000 in silence, Host and Content-Length among them.
  fastify.server.maxHeadersCount = 0;
  // Node would hang up on a client that has sent its request whole and closed its sending side.
  Object.assign(fastify.server, { httpAllowHalfOpen: true });
  underWay.watch(fastify.server);
  parserFaults.listen(fastify.server);
  judgeExpectations(fastify.server);
  closeIdle(fastify.server, underWay, timeouts.keepAliveTimeoutMs, headersTimeout);
  limitAnswerTime(fastify.server, timeouts.answerTimeoutMs);
  fastify.addHook('onRoute', (route) => {
    routes.check(route);
    if (route.method === 'HEAD') route.onSend = [route.onSend ?? [], dropLengthOf304].flat();
  });
  fastify.setReplySerializer(serialize as (payload: unknown) => string);
  fastify.decorate('givesRehearsals', rehearsal);
  fastify.decorate('room', room);
  fastify.decorate('resources', resourcesOf(operations));
  fastify.decorate('startGate', startGate);
  fastify.addHook('onRequest', judgeHead);
  fastify.addHook('onRequest', (request, reply, next) => awaitTurn(underWay, room, request, reply, next));
  fastify.addHook('onSend', countAnswer(underWay));
  watch.observe(fastify);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(
    ['application/json', MERGE_PATCH, JSON_PATCH],
    { parseAs: 'buffer' },
    readContent,
  );
  return { adapter, completeRoutes: () => routes.complete(fastify) };
}

// Fastify's own handler, which runs before, gives HEAD the length of what was to be sent: of a 304, 0. RFC 9110 §8.6: a
// Content-Length there must be that of the 200.
const dropLengthOf304: onSendHookHandler = (_request, reply, payload, done) => {
  if (reply.statusCode === 304) reply.removeHeader('content-length');
  done(null, payload);
};

/** Answers that are longer leave as bytes, which need no second copy while the client takes them. */
const LONG_ANSWER = 65_536;

// Fastify takes bytes here, though its types say text.
function serialize(payload: unknown): string | Buffer {
  const text = JSON.stringify(payload);
  return text.length > LONG_ANSWER ? Buffer.from(text) : text;
}

async function readContent(request: FastifyRequest, bytes: Buffer): Promise<unknown> {
  // RFC 9112 §7.1: the last chunk alone is content of no bytes, and so none.
  if (bytes.length === 0) return undefined;
  request.contentBytes = await decodeContent(request, bytes);
  if (request.contentBytes !== bytes) keepUnpacked(request, request.contentBytes);
  return readJson(request.contentBytes);
}
