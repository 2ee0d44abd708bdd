import { MOVED } from '../../database/migrations/schema.js';
import { MIGRATIONS } from '../../database/migrations/index.js';
import { Refused } from '../../command-line/run-command.js';

/** Throws Refused unless these migrations are those of this release. A file that was moved can be read. */
export function requireOurSchema(found: string[]): void {
  const names = found.filter((name) => name !== MOVED);
  const ours = MIGRATIONS.map(({ name }) => name);
  if (names.some((name) => !ours.includes(name))) {
    throw new Refused('The schema of the database is from a newer release of Items. Use the command of that release.');
  }
  if (names.length < ours.length) {
    throw new Refused(
      'The schema of the database is from an older release of Items. Use the command of that release, or start this one first.',
    );
  }
}
