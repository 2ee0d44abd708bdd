import { everyProbe, negotiated, withoutBody } from '../http/common-answers.js';
import { answers, operation } from '../contract/operation.js';
import { starting } from '../http/head/start-gate.problems.js';
import { shuttingDown } from '../http/head/stop-gate.problems.js';
import { searchUnready } from '../items/search/search.problems.js';
import { storageUnavailable } from '../storage/storage.problems.js';
import { HealthDto, ReadinessDto } from './health.dto.js';

export const getLiveness = operation({
  id: 'getLiveness',
  method: 'GET',
  tag: 'Service',
  path: '/health/live',
  summary: 'Whether the process answers',
  isProbe: true,
  answers: answers(everyProbe, withoutBody, negotiated, {
    200: { description: 'The process answers', body: HealthDto },
  }),
});

export const getReadiness = operation({
  id: 'getReadiness',
  method: 'GET',
  tag: 'Service',
  path: '/health/ready',
  summary: 'Whether the service can serve, its database included',
  isProbe: true,
  answers: answers(everyProbe, withoutBody, negotiated, {
    200: { description: 'The service can read; the body says whether it can also write', body: ReadinessDto },
    503: [storageUnavailable, starting, shuttingDown, searchUnready],
  }),
});
