import TestSequencer from '@jest/test-sequencer';

/**
 * The end-to-end files that take longest, the longest first. Every third one mostly waits: two others use both cores meanwhile.
 */
export const LONGEST = [
  'reference/swagger-ui.spec.ts',
  'load/memory.spec.ts',
  'load/overload.spec.ts',
  'load/memory-of-http.spec.ts',
  'batch/single-requests.spec.ts',
  'database/lost-connections.spec.ts',
  'contract/openapi-requests.spec.ts',
  'database/migrations.spec.ts',
  'database/storage-faults.spec.ts',
  'process/rolling-restart.spec.ts',
  'changes/event-stream.spec.ts',
  'database/slow-lists.spec.ts',
  'items/retention.spec.ts',
  'contract/conformance.spec.ts',
  'wire/time-limits.spec.ts',
  'contract/openapi-refusals.spec.ts',
  'reference/readme.spec.ts',
  'access/json-web-tokens.spec.ts',
  'process/shutdown.spec.ts',
  'load/main-thread.spec.ts',
  'batch/batch.spec.ts',
  'access/keys-command.spec.ts',
  'database/attribute-indexing.spec.ts',
  'backup/move.spec.ts',
  'reference/browser.spec.ts',
  'http/order-before-database.spec.ts',
  'database/history-trimming.spec.ts',
  'items/erased-content.spec.ts',
  'backup/killed-restore.spec.ts',
  'load/max-waiting.spec.ts',
  'load/batches.spec.ts',
  'items/large-lists.spec.ts',
  'load/slow-callers.spec.ts',
  'process/signals.spec.ts',
  'database/database-fitness.spec.ts',
  'process/drain.spec.ts',
  'database/faults.spec.ts',
  'http/idempotency-key.spec.ts',
  'telemetry/exporter.spec.ts',
  'metrics/trouble.spec.ts',
  'items/filters.spec.ts',
  'database/silent-host.spec.ts',
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
