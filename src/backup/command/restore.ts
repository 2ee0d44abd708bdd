import { runCommand } from '../../command-line/run-command.js';
import type { Screen } from '../../command-line/screen.js';
import type { DatabaseConfig, Engine } from '../../config/config.js';
import { loadConfigOfTool } from '../../config/load-config.js';
import type { Entities } from '../../database/data-source-options.js';
import { placeOf } from '../../database/database-place.js';
import type { Header } from '../file/header.js';
import { openBackup, type OpenBackup } from '../file/open-backup.js';
import { withEmptyDatabase } from '../rows/empty-database.js';
import { withNewFile } from '../rows/new-database-file.js';
import { PATIENCE } from '../rows/patience.js';
import { fill, type Filled, type Place } from '../rows/place.js';
import { makeIndexes } from './indexes.js';
import { onDatabase } from './on-database.js';
import { readParameters } from './parameters.js';
import { counted } from './told.js';

const USAGE = `Usage: npm run restore -- <file>

Puts a backup of either engine into the database of DATABASE_URL, which is read from the environment or .env as by the service: an SQLite file
that does not exist yet, or a PostgreSQL database that has no items, versions, records or keys. All of it or nothing. Each row is read back and compared.
A file that is damaged, not whole or from a newer release is refused before anything is touched.
`;

/** Runs the command `restore`, and returns its exit code. */
export function restore(
  parameters: string[],
  screen: Screen,
  entitiesFor: (engine: Engine) => Entities,
): Promise<number> {
  const parse = () => {
    const given = readParameters(parameters, [], true);
    return given === 'help' ? given : { file: given.file() };
  };
  return runCommand(screen, USAGE, parse, async ({ file }) => {
    const { config, remarks } = loadConfigOfTool();
    for (const remark of remarks) screen.stderr.write(`${remark}\n`);
    const { database } = config;
    const patience = { ...PATIENCE, tell: (text: string) => void screen.stderr.write(`${text}\n`) };
    const { header, rows } = await restoreFile(database, entitiesFor(database.engine), file, patience);
    screen.stderr.write(
      `${placeOf(database)} has ${counted(rows)} of ${file}, as of ${header.madeAt}. The change feed goes on behind ${header.position}.\n`,
    );
    await makeIndexes(database, header.indexedAttributes, screen);
  });
}

/** Puts a backup into an empty place. Throws Refused or DatabaseUnusable. */
export async function restoreFile(
  config: DatabaseConfig,
  entities: Entities,
  file: string,
  patience = PATIENCE,
): Promise<Filled & { header: Header }> {
  const backup = await openBackup(file);
  try {
    const { header } = backup;
    const work = (place: Place) => fillFrom(backup, place);
    const filled = await onDatabase(config, () =>
      config.engine === 'sqlite'
        ? withNewFile(config, header.schema, work)
        : withEmptyDatabase(config, entities, header.schema, work, { patience }),
    );
    return { ...filled, header };
  } finally {
    await backup.close();
  }
}

async function fillFrom(backup: OpenBackup, place: Place): Promise<Filled> {
  const filled = await fill(place, backup.header.tables, backup.pages());
  backup.requireSame(filled.content);
  return filled;
}
