import type { Row } from './row.js';

/** What Prometheus sends in Accept. */
const PROMETHEUS_2 =
  'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,' +
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

/** P40 to P49: the metrics. */
export const METRICS: Row[] = [
  {
    number: 'P40',
    request: 'GET /metrics with the Accept of Prometheus 2, of Prometheus 3, of a browser, or none',
    answer: 'Prometheus’ text 0.0.4 or OpenMetrics 1.0, as Accept prefers; 406 for another version; `no-store`',
    section: '§12.5.1; OpenMetrics 1.0, own',
    exchanges: [
      ...[undefined, 'text/plain', '*/*', 'text/plain;version=0.0.4', 'text/html,*/*;q=0.8'].map((accept) => ({
        send: 'GET /metrics',
        ...(accept !== undefined && { headers: { accept } }),
        status: 200,
        fields: {
          'content-type': 'text/plain; version=0.0.4; charset=utf-8',
          'cache-control': 'no-store',
          vary: 'Accept',
        },
        holds: ['# TYPE http_server_requests_total counter\n', '\nitems_ready 1\n'],
        lacks: ['# EOF'],
      })),
      ...[PROMETHEUS_2, PROMETHEUS_3, 'application/openmetrics-text', 'text/*;q=0.1,*/*'].map((accept) => ({
        send: 'GET /metrics',
        headers: { accept },
        status: 200,
        fields: { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' },
        holds: ['# TYPE http_server_requests counter\n', '\n# EOF\n'],
      })),
      { send: 'HEAD /metrics', status: 200, fields: { 'content-length': /^[1-9]\d{4}$/ }, content: '' },
      ...['text/html', 'application/json', 'application/openmetrics-text;version=0.0.1'].map((accept) => ({
        send: 'GET /metrics',
        headers: { accept },
        status: 406,
        code: 'not-acceptable',
        content: {
          mediaTypes: ['text/plain; version=0.0.4', 'application/openmetrics-text; version=1.0.0'],
        },
      })),
      { send: 'POST /metrics', status: 405, code: 'method-not-allowed', fields: { allow: 'GET, HEAD, OPTIONS' } },
      { send: 'OPTIONS /metrics', status: 204, fields: { allow: 'GET, HEAD, OPTIONS' } },
      { send: 'GET /metrics?name=x', status: 400, code: 'invalid-query' },
    ],
  },
  {
    number: 'P41',
    request: 'any request that is answered, also outside operations, by the parser, without content, or by a stream',
    answer: 'counts once in /metrics, by operation, status and problem; a rehearsal does not',
    section: 'own',
    provenBy: 'test/e2e/metrics/counts.spec.ts',
  },
  {
    number: 'P42',
    request: 'a request whose connection ends before its answer has left',
    answer: 'counts once among the aborted ones of its operation',
    section: 'own',
    provenBy: 'test/e2e/metrics/counts.spec.ts',
  },
  {
    number: 'P43',
    request: '10,000 requests to random paths',
    answer: 'add no series to /metrics',
    section: 'own',
    provenBy: 'test/e2e/metrics/exposition.spec.ts',
  },
  {
    number: 'P44',
    request: 'GET /metrics in both formats, by turns',
    answer: 'each is whole and well formed, and both have the same series with the same values',
    section: 'OpenMetrics 1.0, own',
    provenBy: 'test/e2e/metrics/exposition.spec.ts',
  },
  {
    number: 'P45',
    request: 'GET /metrics while MAX_WAITING requests wait, or the event loop is late',
    answer: '200, up to 16 at a time',
    section: 'own',
    provenBy: 'test/e2e/metrics/trouble.spec.ts',
  },
  {
    number: 'P46',
    request: 'GET /metrics while the database is away',
    answer: '200, and `items_ready` is 0; only a key that is not at hand gets 503',
    section: 'own',
    engine: 'postgres',
    provenBy: 'test/e2e/metrics/trouble.spec.ts',
  },
  {
    number: 'P47',
    request: 'any request while METRICS_PORT is set',
    answer:
      'on the main port /metrics is 404; on METRICS_PORT everything else is, with the same checks and problems as on the main port',
    section: '§15.5.5, own',
    provenBy: 'test/e2e/metrics/metrics-port.spec.ts',
  },
  {
    number: 'P48',
    request: 'GET /metrics on METRICS_PORT, with AUTH=required and without a credential, or with a bad one',
    answer: '200: nobody is asked there',
    section: 'own',
    provenBy: 'test/e2e/metrics/metrics-port.spec.ts',
  },
];
