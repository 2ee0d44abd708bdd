import type { AnswerCounts } from '../contract/answer-counts.js';
import type { Watch } from '../contract/watch.js';
import type { Whole } from '../http/wire/whole.js';
import { single, type Family } from './family.js';

/** What was asked and answered. The names are those of OpenTelemetry's conventions for HTTP servers where it has some. */
export function requestFamilies(answers: AnswerCounts, watch: Watch, whole: Whole): Family[] {
  return [
    {
      type: 'counter',
      name: 'http_server_requests_total',
      help: 'Answers made, by operation, status, and code of the problem if it is one',
      read: () =>
        [...answers.answers()].map(({ operation, status, code = '', count }) => [
          { operation, http_response_status_code: String(status), problem: code },
          count,
        ]),
    },
    {
      type: 'histogram',
      name: 'http_server_request_duration_seconds',
      help: 'Time from the head of a request to its answer, by operation',
      read: () => [...answers.seconds()].map(([operation, seconds]) => [{ operation }, seconds]),
    },
    {
      type: 'counter',
      name: 'http_server_requests_aborted_total',
      help: 'Requests whose connection ended before their answer had left, by operation',
      read: () => [...whole.aborted.all].map(([operation, count]) => [{ operation }, count]),
    },
    single(
      'counter',
      'items_undeclared_answers_total',
      'Answers that broke their declaration; must be 0',
      () => watch.breaches,
    ),
    single(
      'counter',
      'items_rehearsed_answers_total',
      'Rehearsed answers, which no other metric counts',
      () => answers.rehearsed,
    ),
  ];
}
