import { join, relative } from 'node:path';
import TestSequencer from '@jest/test-sequencer';

/** Test files that mostly wait, and for about how many seconds. */
export const WAITING = {
  'test/e2e/load/overload.spec.ts': 14,
  'test/e2e/load/memory-of-http.spec.ts': 14,
  'test/e2e/wire/time-limits.spec.ts': 11,
  'test/support/runner/killed-run.spec.ts': 10,
  'test/e2e/database/storage-faults.spec.ts': 10,
  'test/e2e/access/json-web-tokens.spec.ts': 10,
  'test/e2e/database/lost-connections.spec.ts': 8,
  'test/e2e/load/slow-callers.spec.ts': 7,
  'src/access/tokens/issuer-keys.spec.ts': 7,
  'test/e2e/load/max-waiting.spec.ts': 7,
  'test/e2e/batch/batch.spec.ts': 7,
  'test/e2e/database/slow-lists.spec.ts': 7,
  'test/e2e/process/drain.spec.ts': 7,
  'test/e2e/database/history-trimming.spec.ts': 5,
  'test/e2e/database/silent-host.spec.ts': 3,
  'test/support/runner/run-folder.spec.ts': 3,
};

/** Those that compute for three seconds or more. */
export const COMPUTING = {
  'test/e2e/reference/swagger-ui.spec.ts': 20,
  'test/e2e/load/memory.spec.ts': 10,
  'test/e2e/database/migrations.spec.ts': 7,
  'test/support/runner/runner.spec.ts': 6,
  'test/e2e/contract/openapi-refusals.spec.ts': 6,
  'test/e2e/reference/browser.spec.ts': 6,
  'test/support/postgres/borrowed-database.spec.ts': 6,
  'test/e2e/changes/event-stream.spec.ts': 5,
  'test/e2e/contract/openapi-requests.spec.ts': 5,
  'test/e2e/process/shutdown.spec.ts': 5,
  'test/e2e/database/attribute-indexing.spec.ts': 5,
  'test/e2e/http/order-before-database.spec.ts': 4,
  'test/e2e/load/main-thread.spec.ts': 4,
  'test/e2e/backup/move.spec.ts': 4,
  'test/e2e/items/large-lists.spec.ts': 4,
  'test/e2e/contract/conformance.spec.ts': 4,
  'test/e2e/process/signals.spec.ts': 4,
  'test/e2e/reference/readme.spec.ts': 3,
  'test/e2e/machine/unread-log.spec.ts': 3,
  'test/e2e/load/main-thread-of-refusals.spec.ts': 3,
  'test/e2e/items/retention.spec.ts': 3,
  'test/e2e/items/erased-content.spec.ts': 3,
  'test/e2e/load/batches.spec.ts': 3,
  'test/e2e/database/database-fitness.spec.ts': 3,
  'test/e2e/database/faults.spec.ts': 3,
  'test/e2e/access/keys-command.spec.ts': 3,
  'test/support/postgres/connections.spec.ts': 3,
  'test/repository/build.spec.ts': 3,
};

const PROJECT = join(import.meta.dirname, '../../..');

/**
 * Keeps two cores busy with three workers: beside each file that waits, two workers compute for as long. The longest come first, so that
 * no worker ends long after the others. Files without a number take about a second. They come in Jest's order: it knows how long each took
 * the last time, but nothing in a new clone.
 */
export default class TestOrder extends TestSequencer {
  sort(tests) {
    const files = super.sort(tests).map((test) => ({ test, name: relative(PROJECT, test.path) }));
    const computing = [
      ...longestFirst(files, COMPUTING),
      ...files.filter(({ name }) => !(name in WAITING || name in COMPUTING)),
    ];
    const order = longestFirst(files, WAITING).flatMap((file) => [file, ...taken(computing, 2 * WAITING[file.name])]);
    return [...order, ...computing].map(({ test }) => test);
  }
}

function longestFirst(files, seconds) {
  return files.filter(({ name }) => name in seconds).toSorted((one, other) => seconds[other.name] - seconds[one.name]);
}

/** Takes files from the beginning, for so many seconds. */
function taken(files, seconds) {
  let sum = 0;
  let count = 0;
  while (sum < seconds && count < files.length) sum += COMPUTING[files[count++].name] ?? 1;
  return files.splice(0, count);
}
