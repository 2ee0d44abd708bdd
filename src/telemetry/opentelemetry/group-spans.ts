import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api';
import type { GroupTraces } from '../tracing.js';

/**
 * Makes a span of each group, below that of the first request that it serves. The spans of the others and that of the group link
 * to each other. The span of a group has links to the first 128 only (`OTEL_SPAN_LINK_COUNT_LIMIT`).
 */
export function groupTraces(tracer: Tracer, name: string, system: string): GroupTraces {
  return {
    origin: () => trace.getSpan(context.active()),
    follow: async (origins, carryOut) => {
      // A request whose client has gone has ended already.
      const [first, ...others] = (origins as (Span | undefined)[]).filter(
        (span) => span?.isRecording() === true,
      ) as Span[];
      if (!first) return carryOut();
      const attributes = {
        'db.system.name': system,
        ...(origins.length > 1 && { 'db.operation.batch.size': origins.length }),
      };
      const links = others.map((other) => ({ context: other.spanContext() }));
      const kind = SpanKind.CLIENT;
      const span = tracer.startSpan(name, { kind, attributes, links }, trace.setSpan(ROOT_CONTEXT, first));
      for (const other of others) other.addLink({ context: span.spanContext() });
      try {
        return await carryOut();
      } catch (error) {
        // Not its message, which can hold a statement.
        const { kind: fault, name: type } = error as Error & { kind?: string };
        span.setAttribute('error.type', fault ?? type);
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
  };
}
