import type { Config } from '../config/config.js';
import type { TimedQueries } from '../database/timed-queries.js';
import type { Following } from '../http/load/following.js';
import type { Overload } from '../http/load/overload.js';
import type { Refusals } from '../http/load/refusals.js';
import type { Whole } from '../http/wire/whole.js';
import type { FeedHead } from '../items/changes/feed-head.js';
import type { RateCheck } from '../rate-limits/rate-check.js';
import type { RefusedCredentials } from '../rate-limits/refused-credentials.js';
import { single, type Family } from './family.js';

/** The parts of the service that bound something. */
interface Bounding {
  config: Config;
  whole: Whole;
  overload: Overload;
  refusals: Refusals;
  lists: TimedQueries;
  rates: RateCheck;
  credentials: RefusedCredentials;
}

/** What waits, its bounds, and what was refused because of them. */
export function loadFamilies(parts: Bounding): Family[] {
  const { config, whole, overload, refusals, lists, rates, credentials } = parts;
  return [
    single('gauge', 'items_waiting_requests', 'Requests that wait for their answers', () => whole.waiting),
    single('gauge', 'items_waiting_requests_max', 'How many may wait (MAX_WAITING)', () => config.maxWaiting),
    single('gauge', 'items_answer_bytes', 'Bytes of answers that clients have not taken', () => whole.answerBytes),
    single('gauge', 'items_answer_bytes_max', 'How many there may be (MAX_ANSWER_BYTES)', () => config.maxAnswerBytes),
    single('gauge', 'items_body_bytes', 'Bytes of request bodies that are kept', () => whole.bodyBytes),
    single('gauge', 'items_body_bytes_max', 'How many there may be (MAX_BODY_BYTES)', () => config.maxBodyBytes),
    {
      type: 'counter',
      name: 'items_shed_requests_total',
      help: 'Requests refused with 503 for overload, by what there was too much of',
      read: () => [
        ...[...refusals.counts.all].map(([cause, count]): [{ cause: string }, number] => [{ cause }, count]),
        [{ cause: 'queries' }, lists.crowded],
      ],
    },
    {
      type: 'counter',
      name: 'items_limited_requests_total',
      help: 'Requests refused with 429, by limit',
      read: () => [
        ...[...rates.refused.all].map(([limit, count]): [{ limit: string }, number] => [{ limit }, count]),
        [{ limit: 'refused-credentials' }, credentials.limited],
      ],
    },
    {
      type: 'histogram',
      name: 'items_event_loop_delay_seconds',
      help: 'How late the event loop was, looked at 20 times a second',
      read: () => [[{}, overload.loop.seconds]],
    },
  ];
}

/** Those who follow the changes. */
export function feedFamilies(config: Config, following: Following, head: FeedHead): Family[] {
  return [
    single(
      'gauge',
      'items_feed_followers',
      'Long polls and event streams that wait for changes',
      () => following.count,
    ),
    single('gauge', 'items_feed_followers_max', 'How many there may be (MAX_FOLLOWERS)', () => config.maxFollowers),
    single(
      'counter',
      'items_feed_followers_refused_total',
      'Requests to follow that found no place, and got 503',
      () => following.refused,
    ),
    single(
      'gauge',
      'items_feed_lag_seconds',
      'For how long the changes have not been read to their end while somebody follows them',
      () => head.lagMs / 1_000,
    ),
  ];
}
