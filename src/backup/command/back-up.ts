import { setTimeout } from 'node:timers/promises';
import { Refused, runCommand } from '../../command-line/run-command.js';
import type { Screen } from '../../command-line/screen.js';
import type { DatabaseConfig, Engine } from '../../config/config.js';
import { loadConfigOfTool } from '../../config/load-config.js';
import type { Entities } from '../../database/data-source-options.js';
import { placeOf } from '../../database/database-place.js';
import { SCHEMA_NUMBER } from '../../database/migrations/schema.js';
import type { Header } from '../file/header.js';
import { writeBackup, type Written } from '../file/write-backup.js';
import { copyDatabaseFile } from '../rows/copied-file.js';
import { noteBackup } from '../rows/noted-backup.js';
import { withSnapshot } from '../rows/snapshot.js';
import { allRows } from '../rows/stored-rows.js';
import { indexedAttributes } from './indexes.js';
import { onDatabase } from './on-database.js';
import { readParameters } from './parameters.js';
import { counted, megabytes } from './told.js';

const USAGE = `Usage: npm run backup -- [--sqlite] <file>

Writes all items with their history, the API keys (as digests), the records of Idempotency-Keys and the positions of the change feed into a
new file, while the service runs. The file is a gzip file of lines of JSON, the same for both engines.

  --sqlite  writes an SQLite database instead, a copy of the file of DATABASE_URL

The database is that of DATABASE_URL, which is read from the environment or .env as by the service.
`;

/** How long the pause behind a page is, as a multiple of what reading it took. */
const PAUSE_FACTOR = 1;

/** Runs the command `backup`, and returns its exit code. `stopping` ends it, and leaves no file. */
export function backUp(
  parameters: string[],
  screen: Screen,
  entitiesFor: (engine: Engine) => Entities,
  stopping: AbortSignal,
): Promise<number> {
  const parse = () => {
    const given = readParameters(parameters, ['sqlite'], true);
    return given === 'help' ? given : { file: given.file(), isCopy: given.has('sqlite') };
  };
  return runCommand(screen, USAGE, parse, async ({ file, isCopy }) => {
    const { config, remarks } = loadConfigOfTool();
    for (const remark of remarks) screen.stderr.write(`${remark}\n`);
    const { database } = config;
    const from = performance.now();
    const took = () => `${((performance.now() - from) / 1_000).toFixed(1)} s`;
    if (isCopy) {
      const madeAt = new Date().toISOString();
      const bytes = await writeCopy(database, file, stopping);
      await note(database, madeAt, bytes, screen);
      screen.stderr.write(`${file} is a copy of ${placeOf(database)}: ${megabytes(bytes)} in ${took()}.\n`);
      return;
    }
    const entities = entitiesFor(database.engine);
    const { trailer, bytes, position, madeAt } = await writeSnapshot(database, entities, file, stopping);
    await note(database, madeAt, bytes, screen);
    screen.stderr.write(
      `${file} has ${counted(trailer.rows)} of ${placeOf(database)}, up to the position ${position} of the change feed: ` +
        `${megabytes(bytes)} in ${took()}.\n`,
    );
  });
}

/** Writes what a database holds now into a new file. Throws Refused or DatabaseUnusable. */
export function writeSnapshot(
  config: DatabaseConfig,
  entities: Entities,
  file: string,
  stopping: AbortSignal,
): Promise<Written & Pick<Header, 'position' | 'madeAt'>> {
  // Before the snapshot: nothing that was changed before is missing in it.
  const madeAt = new Date().toISOString();
  return onDatabase(config, () =>
    withSnapshot(config, entities, async ({ tables, rows, position }) => {
      const header = {
        schema: SCHEMA_NUMBER,
        madeAt,
        position,
        indexedAttributes: await indexedAttributes(config),
        tables,
      };
      return { ...(await writeBackup(file, header, allRows(rows, tables, pauses(stopping)))), position, madeAt };
    }),
  );
}

/** Copies an SQLite file into a new one. Throws Refused or DatabaseUnusable. */
export async function writeCopy(config: DatabaseConfig, file: string, stopping: AbortSignal): Promise<number> {
  if (config.engine !== 'sqlite') throw new Refused('--sqlite copies an SQLite file, and DATABASE_URL names none.');
  return onDatabase(config, () => copyDatabaseFile(config, file, pauses(stopping)));
}

/** For those who watch the service. The backup is there without it, so a failure, as on a standby, is only told. */
async function note(config: DatabaseConfig, madeAt: string, bytes: number, { stderr }: Screen): Promise<void> {
  await noteBackup(config, madeAt, bytes).catch((error: Error) => {
    stderr.write(`The table last_backup does not say so: ${error.message}\n`);
  });
}

/** Waits behind each page or step, as long as reading or copying it took. */
function pauses(stopping: AbortSignal): (tookMs: number) => Promise<void> {
  return async (tookMs) => {
    if (stopping.aborted) throw new Refused('Stopped, so nothing was kept.');
    await setTimeout(tookMs * PAUSE_FACTOR);
  };
}
