import { scoped } from '../access/access.answers.js';
import { answers, operation } from '../contract/operation.js';
import { everyOperation, negotiated, withoutBody } from '../http/common-answers.js';
import { routeNotFound } from '../http/head/head.problems.js';
import { reads } from '../storage/storage.answers.js';
import { OPEN_METRICS, PROMETHEUS } from './exposition.js';

export const getMetrics = operation({
  id: 'getMetrics',
  method: 'GET',
  tag: 'Service',
  path: '/metrics',
  summary: 'What the service counts and measures, for Prometheus',
  scope: 'metrics:read',
  showsLoad: true,
  // 404 on the main port if they have a port of their own. Those of `reads` come from the look-up of a key: the metrics themselves need no database.
  answers: answers(everyOperation, withoutBody, negotiated, scoped, reads, {
    404: [routeNotFound],
    200: { description: 'The metrics', mediaTypes: [PROMETHEUS, OPEN_METRICS] },
  }),
});
