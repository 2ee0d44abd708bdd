import type { FastifyRequest } from 'fastify';

/** What joins a line of the log to a trace, by the names of OpenTelemetry ("Trace Context in non-OTLP Log Formats"). */
export interface TraceIds {
  trace_id: string;
  /** Only while traces are sent: otherwise the service has no span. */
  span_id?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The span of the request, while traces are sent. */
    trace?: TraceIds;
  }
}

// W3C Trace Context §3.2.2: lower-case hexadecimal digits; version ff and ids of zeros are invalid. §3.2.4: later versions may have
// more behind the flags.
const TRACEPARENT =
  /^(?:00(?=.{53}$)|(?!00|ff)[\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:$|-)/;

/** The trace that a request belongs to: that of its span, or else of its field `traceparent` (W3C Trace Context), if that is valid. */
export function traceOf({
  trace,
  headers: { traceparent },
}: Pick<FastifyRequest, 'trace' | 'headers'>): TraceIds | undefined {
  if (trace || typeof traceparent !== 'string') return trace;
  const [, id] = TRACEPARENT.exec(traceparent) ?? [];
  return id === undefined ? undefined : { trace_id: id };
}
