import TestSequencer from '@jest/test-sequencer';

/** The end-to-end files that take longest, the longest first. */
export const LONGEST = [
  'reference/swagger-ui.spec.ts',
  'load/memory-of-http.spec.ts',
  'process/shutdown.spec.ts',
  'process/life.spec.ts',
  'load/memory.spec.ts',
  'contract/openapi-requests.spec.ts',
  'items/filters.spec.ts',
  'access/keys-command.spec.ts',
  'access/api-keys.spec.ts',
  'process/signals.spec.ts',
  'process/kill.spec.ts',
  'database/migrations.spec.ts',
  'wire/time-limits.spec.ts',
  'http/order-of-checks.spec.ts',
  'access/json-web-tokens.spec.ts',
  'database/lost-connections.spec.ts',
  'load/main-thread.spec.ts',
  'database/database-fitness.spec.ts',
  'database/writer.spec.ts',
  'load/slow-callers.spec.ts',
  'load/overload.spec.ts',
  'database/storage-faults.spec.ts',
  'database/faults.spec.ts',
  'reference/browser.spec.ts',
  'contract/conformance.spec.ts',
  'process/start.spec.ts',
  'http/rehearsal.spec.ts',
];

/**
 * Begins the files that take longest first, so that no worker ends long after the others. The rest follows in Jest's order: it knows how long
 * each took here the last time, but nothing in a new clone.
 */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

function placeOf({ path }) {
  const place = LONGEST.findIndex((name) => path.endsWith(`/test/e2e/${name}`));
  return place === -1 ? LONGEST.length : place;
}
