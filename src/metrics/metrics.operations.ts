import { scoped } from '../access/access.answers.js';
import { answers, operation } from '../contract/operation.js';
import { everyOperation, negotiated, withoutBody } from '../http/common-answers.js';
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
  // Those of `reads` come from the look-up of a key: the metrics themselves need no database.
  answers: answers(everyOperation, withoutBody, negotiated, scoped, reads, {
    200: { description: 'The metrics', mediaTypes: [PROMETHEUS, OPEN_METRICS] },
  }),
});
