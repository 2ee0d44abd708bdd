import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Span, Tracer } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Methods that stand in names of spans as they are. Any other could be anything, so it is `_OTHER`. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'TRACE', 'CONNECT']);

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while traces are sent. */
    span?: Span;
  }
}

/**
 * Makes a span of each request, as the OpenTelemetry conventions for HTTP servers say, below that of `traceparent`. It is the
 * active span from the handler on.
 */
export function watchRequests(fastify: FastifyInstance, tracer: Tracer): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    begin(request, tracer);
    done();
  });
  // Not before: requests wait for their turn and their body, and whoever ends the wait has another context.
  fastify.addHook('preHandler', ({ span }, _reply, done) => {
    if (span?.isRecording()) context.with(trace.setSpan(ROOT_CONTEXT, span), done);
    else done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    end(request, reply);
    done();
  });
}

function begin(request: FastifyRequest, tracer: Tracer): void {
  const { url: route } = request.routeOptions;
  const isKnown = METHODS.has(request.method);
  const method = isKnown ? request.method : 'HTTP';
  const attributes: Attributes = {
    'http.request.method': isKnown ? request.method : '_OTHER',
    'url.scheme': 'http',
    'url.path': request.originalUrl.split('?', 1)[0]!.slice(0, 300),
    'network.protocol.version': request.raw.httpVersion,
    ...(route !== undefined && { 'http.route': route }),
  };
  const parent = propagation.extract(ROOT_CONTEXT, request.headers);
  const name = route === undefined ? method : `${method} ${route}`;
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
  const { traceId, spanId } = span.spanContext();
  request.span = span;
  request.trace = { trace_id: traceId, span_id: spanId };
}

function end(request: FastifyRequest, reply: FastifyReply): void {
  const { span, problemCode: code, route } = request;
  if (!span?.isRecording()) return;
  // If nothing was answered, the client has gone.
  const status = reply.raw.headersSent ? reply.statusCode : undefined;
  span.setAttributes({
    'http.response.status_code': status,
    'items.operation': route?.operation?.id,
    'items.problem.code': code,
    'items.request_id': request.id,
    'items.rehearsed': request.isRehearsal,
  });
  if (status !== undefined && status >= 500) {
    span.setAttribute('error.type', code ?? String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
