import TestSequencer from '@jest/test-sequencer';

/** The end-to-end files that take longest, the longest first. */
export const LONGEST = [
  'reference/swagger-ui.spec.ts',
  'batch/single-requests.spec.ts',
  'process/rolling-restart.spec.ts',
  'load/memory.spec.ts',
  'contract/openapi-requests.spec.ts',
  'changes/kills.spec.ts',
  'process/batches.spec.ts',
  'items/retention.spec.ts',
  'changes/event-stream.spec.ts',
  'database/attribute-indexing.spec.ts',
  'items/erased-content.spec.ts',
  'contract/conformance.spec.ts',
  'process/life.spec.ts',
  'load/overload.spec.ts',
  'database/search-filling.spec.ts',
  'process/settings.spec.ts',
  'reference/readme.spec.ts',
  'access/last-uses.spec.ts',
  'load/memory-of-http.spec.ts',
  'load/batches.spec.ts',
  'changes/long-poll.spec.ts',
  'process/killed-erasure.spec.ts',
  'reference/browser.spec.ts',
  'http/conditional-write.spec.ts',
  'process/start.spec.ts',
  'http/content.spec.ts',
  'database/history-trimming.spec.ts',
  'http/rehearsal.spec.ts',
  'access/keys-command.spec.ts',
  'http/conditional-read.spec.ts',
  'process/kill.spec.ts',
  'items/restore-item.spec.ts',
  'access/json-web-tokens.spec.ts',
  'load/main-thread.spec.ts',
  'batch/batch.spec.ts',
  'items/filters.spec.ts',
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
