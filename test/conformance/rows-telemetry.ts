import type { Row } from './row.js';

const TRACES = 'test/e2e/telemetry/traces.spec.ts';
const TRACE_CONTEXT = 'test/e2e/http/trace-context.spec.ts';

/** P: what holds for the log and for traces. */
export const TELEMETRY: Row[] = [
  {
    number: 'P50',
    request: 'a request with a valid `traceparent`, of this or a later version of the standard',
    answer: 'as without it; each line of the log about it has the id of that trace as `trace_id`',
    section: 'W3C Trace Context §3.2, §4.3',
    provenBy: TRACE_CONTEXT,
  },
  {
    number: 'P51',
    request: 'a request with a `traceparent` of another form, with ids of zeros, or with two of them',
    answer: 'as without it, never a problem; the log has no id from it',
    section: 'W3C Trace Context §3.2.2, §4.3',
    provenBy: TRACE_CONTEXT,
  },
  {
    number: 'P52',
    request: 'any request while traces are sent',
    answer:
      'a span with operation, route, status and code of the problem, below that of a valid `traceparent` unless that is not sampled, and below ' +
      'it one for each read and write of the database; the log has the ids of trace and span',
    section: 'W3C Trace Context §3.2, OpenTelemetry (HTTP server spans), own',
    provenBy: TRACES,
  },
  {
    number: 'P53',
    request: 'changes that are written as one group while traces are sent',
    answer: 'the span of the write is below that of the first request; it and those of the others link to each other',
    section: 'OpenTelemetry (links between spans), own',
    provenBy: TRACES,
  },
  {
    number: 'P54',
    request: 'any request while the receiver of traces refuses or hangs, and a stop then',
    answer: 'as without traces; the stop waits 2 s at most; the log has a line a minute about it at most',
    section: 'own',
    engine: 'sqlite',
    provenBy: 'test/e2e/telemetry/exporter.spec.ts',
  },
];
