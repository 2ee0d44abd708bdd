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
];
