import type { Row } from './row.js';

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
];
