import { Refused, runCommand, UsageError } from '../command-line/run-command.js';
import type { Screen } from '../command-line/screen.js';
import { loadConfigOfTool } from '../config/load-config.js';
import { damageIn } from '../database/sqlite/damage.js';
import { unusable } from '../database/open-database.js';

/** How the command is called. */
const USAGE = `Usage: npm run -s check [-- --full]

  Reads the whole SQLite file of DATABASE_URL and looks for damage. It changes nothing. The service may run meanwhile, but its write-ahead log grows
  until the check has ended.

  --full   compares the indexes with the tables, too, and takes several times as long

Exit codes: 0 nothing was found, 1 the file is damaged and what was found is on standard output, 64 usage, 69 the file can't be read,
78 the configuration is unusable. For PostgreSQL use pg_amcheck and, while the server is stopped, pg_checksums --check.
`;

/** Runs the command `check`, and returns its exit code. */
export function checkDatabase(parameters: string[], screen: Screen): Promise<number> {
  return runCommand(
    screen,
    USAGE,
    () => parse(parameters),
    async ({ isFull }) => {
      const { config, remarks } = loadConfigOfTool();
      for (const remark of remarks) screen.stderr.write(`${remark}\n`);
      const { database } = config;
      if (database.engine !== 'sqlite') {
        throw new UsageError(
          'This checks SQLite files. For PostgreSQL use pg_amcheck, and pg_checksums while it is stopped.',
        );
      }
      const found = await damageIn(database.path, isFull).catch((error: unknown) => {
        throw unusable(database, error);
      });
      for (const line of found) screen.stdout.write(`${line}\n`);
      if (found.length > 0) throw new Refused(`${database.path} is damaged. Keep a copy, then restore a backup.`);
      screen.stderr.write(`No damage was found in ${database.path}.\n`);
    },
  );
}

function parse(parameters: string[]): { isFull: boolean } | 'help' {
  if (parameters.some((one) => ['help', '--help', '-h'].includes(one))) return 'help';
  if (parameters.some((one) => one !== '--full')) throw new UsageError('Unknown parameter. There is only --full.');
  return { isFull: parameters.length > 0 };
}
