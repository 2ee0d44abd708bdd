import type { Row } from './row.js';

const ROUND_TRIP = 'test/e2e/backup/round-trip.spec.ts';

/** P70 and following: a service whose database was restored from a backup. */
export const BACKUPS: Row[] = [
  {
    number: 'P70',
    request: 'any request to a service whose database was restored from a backup of either engine',
    answer:
      'what it was when the backup was made: items, tombstones, versions, erased and trimmed ones, lists and searches, credentials, and repeats under ' +
      'an `Idempotency-Key`',
    section: 'own',
    provenBy: ROUND_TRIP,
  },
  {
    number: 'P71',
    request:
      'GET of the changes after a restore, behind a position from before the backup, or a later one of the lost history',
    answer:
      '200 with all that followed in the restored history; 410 `position-gone` for a lost position, also when another change has its number',
    section: '§15.5.11, own',
    provenBy: ROUND_TRIP,
  },
  {
    number: 'P72',
    request: 'GET of the changes behind the position of a backup that was made while others wrote',
    answer: '200 with every change that is not in the backup, and none that is',
    section: 'own',
    provenBy: 'test/e2e/backup/consistency.spec.ts',
  },
  {
    number: 'P73',
    request: 'a change of an item in an SQLite file that `npm run move` has moved to PostgreSQL',
    answer:
      '503 `storage-unavailable`, also if it would change nothing or be refused, and in a batch; readiness 503; reads 200; every change that was answered before is in the new database',
    section: '§15.6.4, own',
    engine: 'postgres',
    provenBy: 'test/e2e/backup/move.spec.ts',
  },
  {
    number: 'P74',
    request: 'a change while `npm run move` runs, or a read',
    answer: '503 `storage-unavailable`; 200',
    section: '§15.6.4, own',
    engine: 'postgres',
    provenBy: 'test/e2e/backup/move.spec.ts',
  },
  {
    number: 'P75',
    request: 'GET of the metrics',
    answer: '200 with the moment that the last backup holds, and its size; without both before there is one',
    section: 'own',
    provenBy: 'test/e2e/backup/commands.spec.ts',
  },
];
