import type { Server } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, onSendHookHandler, preHandlerHookHandler } from 'fastify';
import { CONFIG } from '../config/config.js';
import { bodyDtosOf, type Operation } from '../contract/operation.js';
import { Watch } from '../contract/watch.js';
import { BodyReader } from './body-reader.js';
import { requirePublicNames } from './body/validation/rule-names.js';
import { Cors } from './browsers/cors.js';
import { FINAL_CHECK, HeadJudge, type Check } from './head/head-judge.js';
import { ConnectionLimit } from './load/connection-limit.js';
import { countAnswer } from './load/count-answer.js';
import { Turns } from './load/turns.js';
import { RouteTable } from './routes/route-table.js';
import { limitAnswerTime } from './wire/answer-timeout.js';
import { AnswersUnderWay } from './wire/answers-under-way.js';
import { judgeExpectations } from './wire/continue.js';
import { Drain } from './wire/drain.js';
import { closeIdle } from './wire/idle-connections.js';
import { ParserFaults } from './parser/parser-faults.js';
import { headersTimeoutOf, type Timeouts } from './wire/timeouts.js';

/** Methods whose bodies Fastify would read and judge by its own rules. */
const METHODS_WITH_BODY = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'];

/** Hooks the live parts of HTTP, which Nest made, to Fastify. */
@Injectable()
export class HttpHooks {
  constructor(
    private readonly underWay: AnswersUnderWay,
    private readonly parserFaults: ParserFaults,
    private readonly drain: Drain,
    private readonly connectionLimit: ConnectionLimit,
    private readonly routes: RouteTable,
    private readonly head: HeadJudge,
    private readonly turns: Turns,
    private readonly bodies: BodyReader,
    private readonly cors: Cors,
    private readonly watch: Watch,
    @Inject(CONFIG) private readonly timeouts: Timeouts,
    @Inject(FINAL_CHECK) private readonly finalCheck: Check | undefined,
  ) {}

  /** Must be called before Nest registers its routes. The hooks stand in the order in which a request meets them. */
  attach(fastify: FastifyInstance): void {
    this.attachToServer(fastify.server);
    this.connectionLimit.watch(fastify.server);
    this.parserFaults.on('answer', (answer) => this.watch.judgeOutside(answer, answer.requestId));
    fastify.addHook('onRoute', (route) => {
      this.routes.check(route);
      requireNamedRules(route.config?.operation);
      if (route.method === 'HEAD') route.onSend = [route.onSend ?? [], dropLengthOf304].flat();
    });
    fastify.addHook('onRequest', this.head.judge);
    fastify.addHook('onRequest', this.turns.take);
    for (const method of METHODS_WITH_BODY) fastify.addHttpMethod(method, { hasBody: false, overrideExisting: true });
    fastify.addHook('preValidation', this.bodies.read);
    if (this.finalCheck) fastify.addHook('preHandler', hookOf(this.finalCheck));
    fastify.setReplySerializer(serialize as (payload: unknown) => string);
    if (this.cors.isOn) fastify.addHook('onSend', this.cors.mark);
    fastify.addHook('onSend', countAnswer(this.underWay));
    this.watch.observe(fastify);
  }

  /** Hooks to a server what is below requests. Its requests must go to the Fastify of {@link attach}. */
  attachToServer(server: Server): void {
    const { underWay, timeouts } = this;
    // Node would silently drop all fields after the 2,000th, even Host and Content-Length.
    server.maxHeadersCount = 0;
    // Node would hang up on a client that closes its sending side after its request.
    Object.assign(server, { httpAllowHalfOpen: true });
    underWay.watch(server);
    this.drain.watch(server);
    this.parserFaults.listen(server);
    judgeExpectations(server);
    closeIdle(server, underWay, timeouts.keepAliveTimeoutMs, headersTimeoutOf(timeouts));
    limitAnswerTime(server, timeouts.answerTimeoutMs);
  }
}

function hookOf(check: Check): preHandlerHookHandler {
  return (request, reply, goOn) => {
    try {
      const pending = check(request, reply);
      if (pending) void pending.then(() => goOn(), goOn);
      else goOn();
    } catch (error) {
      goOn(error as Error);
    }
  };
}

function requireNamedRules(operation: Operation | undefined): void {
  if (!operation) return;
  for (const Dto of bodyDtosOf(operation)) requirePublicNames(Dto);
  if (operation.query) requirePublicNames(operation.query);
}

// Fastify's own handler runs first and sets the length of what would be sent, which is 0 for a 304. RFC 9110 §8.6: it must
// be that of the 200, or absent.
const dropLengthOf304: onSendHookHandler = (_request, reply, payload, done) => {
  if (reply.statusCode === 304) reply.removeHeader('content-length');
  done(null, payload);
};

/** Longer answers are sent as bytes, which need no second copy while the client reads them. */
const LONG_ANSWER = 65_536;

// Fastify takes bytes here, although its types say text.
function serialize(payload: unknown): string | Buffer {
  const text = JSON.stringify(payload);
  return text.length > LONG_ANSWER ? Buffer.from(text) : text;
}
