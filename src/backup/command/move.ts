import { Refused, runCommand } from '../../command-line/run-command.js';
import type { Screen } from '../../command-line/screen.js';
import type { DatabaseConfig, Engine } from '../../config/config.js';
import { loadConfigOfTool, loadMoveTarget } from '../../config/load-config.js';
import type { Entities } from '../../database/data-source-options.js';
import { placeOf } from '../../database/database-place.js';
import { SCHEMA_NUMBER } from '../../database/migrations/schema.js';
import { Tally } from '../file/tally.js';
import { requireEmptyDatabase, withEmptyDatabase } from '../rows/empty-database.js';
import { withHeldFile, type HeldFile } from '../rows/held-file.js';
import { fill, type Filled, type Place } from '../rows/place.js';
import { withSnapshot } from '../rows/snapshot.js';
import { allRows } from '../rows/stored-rows.js';
import { indexedAttributes, makeIndexes } from './indexes.js';
import { onDatabase } from './on-database.js';
import { readParameters } from './parameters.js';
import { counted } from './told.js';

const USAGE = `Usage: MOVE_TO=postgres://… npm run move [-- --cancel]

Moves everything from the SQLite file of DATABASE_URL, which is read from the environment or .env as by the service, into the PostgreSQL database of
MOVE_TO, which must have no items, versions, records or keys. All of it or nothing. Each row is read back and compared. From then on the file takes no
changes, so none is lost; a service that still runs on it answers them with 503. Run it again if you don't know how it ended.

  --cancel  lets the file take changes again, if the database of MOVE_TO is empty

docs/moving-to-postgresql.md says more.
`;

const HALFWAY =
  'The file takes no changes meanwhile, so nothing is lost: run the command again. With --cancel the file takes changes again.';

type OnFile = DatabaseConfig & { engine: 'sqlite' };
type OnServer = DatabaseConfig & { engine: 'postgres' };

/** Runs the command `move`, and returns its exit code. */
export function move(parameters: string[], screen: Screen, entitiesFor: (engine: Engine) => Entities): Promise<number> {
  const { stderr } = screen;
  const parse = () => {
    const given = readParameters(parameters, ['cancel'], false);
    return given === 'help' ? given : { isCancelled: given.has('cancel') };
  };
  return runCommand(screen, USAGE, parse, async ({ isCancelled }) => {
    const { config, remarks } = loadConfigOfTool();
    const { database: from } = config;
    const to = loadMoveTarget(config);
    for (const remark of remarks) stderr.write(`${remark}\n`);
    if (from.engine !== 'sqlite') {
      throw new Refused(
        'DATABASE_URL must name the SQLite file. Anything else can be moved by a backup and a restore.',
      );
    }
    if (isCancelled) {
      await cancelMove(from, to, entitiesFor);
      stderr.write(`${from.path} takes changes again.\n`);
      return;
    }
    const attributes = await onDatabase(from, () => indexedAttributes(from));
    const moved = await moveAll(from, to, entitiesFor);
    if (moved) await makeIndexes(to, attributes, screen);
    stderr.write(
      `${moved ? `${placeOf(to)} has ${counted(moved.rows)}.` : `${placeOf(to)} has all of it already.`} ` +
        `${from.path} takes no more changes. Start the service with the new DATABASE_URL.\n`,
    );
  });
}

/** Moves everything. Undefined: it was moved before. Throws Refused or DatabaseUnusable. */
export function moveAll(
  from: OnFile,
  to: OnServer,
  entitiesFor: (engine: Engine) => Entities,
): Promise<Filled | undefined> {
  return onDatabase(from, () =>
    withHeldFile(from, entitiesFor('sqlite'), async (file) => {
      const entities = entitiesFor('postgres');
      if (file.isMoved && (await hasSameRows(file, to, entities))) return undefined;
      let isClosed = false;
      // First the file: at no time do both take changes. If the other commit fails, nothing is lost, and the next try moves it.
      const closeFirst = async () => {
        await file.close();
        isClosed = true;
      };
      const put = (place: Place) => fill(place, file.tables, allRows(file.rows, file.tables));
      return onDatabase(to, () => withEmptyDatabase(to, entities, SCHEMA_NUMBER, put, closeFirst)).catch(
        (error: Error) => {
          throw isClosed ? new Refused(`${error.message} ${HALFWAY}`) : error;
        },
      );
    }),
  );
}

/** Lets a file that was moved take changes again. Throws Refused if the other database is not empty. */
export function cancelMove(from: OnFile, to: OnServer, entitiesFor: (engine: Engine) => Entities): Promise<void> {
  return onDatabase(from, () =>
    withHeldFile(from, entitiesFor('sqlite'), async (file) => {
      if (!file.isMoved) throw new Refused('The file was not moved, so there is nothing to cancel.');
      await onDatabase(to, () => requireEmptyDatabase(to, entitiesFor('postgres')));
      await file.reopen();
    }),
  );
}

/** Whether the move had ended, but for its last words. */
async function hasSameRows({ rows, tables }: HeldFile, to: OnServer, entities: Entities): Promise<boolean> {
  const [here, there] = [new Tally(), new Tally()];
  try {
    await withSnapshot(to, entities, async (snapshot) => {
      for await (const page of allRows(snapshot.rows, tables)) there.add(page);
    });
  } catch {
    // It may have no tables yet. Whatever else it is, the move itself will say.
    return false;
  }
  for await (const page of allRows(rows, tables)) here.add(page);
  return here.digest() === there.digest();
}
