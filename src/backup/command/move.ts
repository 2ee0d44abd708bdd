import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { Refused, runCommand } from '../../command-line/run-command.js';
import type { Screen } from '../../command-line/screen.js';
import type { DatabaseConfig, Engine } from '../../config/config.js';
import { loadConfigOfTool, loadMoveTarget } from '../../config/load-config.js';
import type { Entities } from '../../database/data-source-options.js';
import { placeOf } from '../../database/database-place.js';
import { SCHEMA_NUMBER } from '../../database/migrations/schema.js';
import { NotEmpty, requireEmptyDatabase, withEmptyDatabase, type Steps } from '../rows/empty-database.js';
import { withHeldFile } from '../rows/held-file.js';
import { noteMove, targetOf } from '../rows/move-note.js';
import { PATIENCE } from '../rows/patience.js';
import { fill, type Filled, type Place } from '../rows/place.js';
import { allRows } from '../rows/stored-rows.js';
import { indexedAttributes, makeIndexes } from './indexes.js';
import { MovedBefore, requireTarget, type Before } from './move-target.js';
import { onDatabase } from './on-database.js';
import { readParameters } from './parameters.js';
import { counted } from './told.js';

const USAGE = `Usage: MOVE_TO=postgres://… npm run move [-- --cancel]

Moves everything from the SQLite file of DATABASE_URL, which is read from the environment or .env as by the service, into the PostgreSQL database of
MOVE_TO, which must have no items, versions, records or keys. All of it or nothing. Each row is read back and compared. From then on the file takes no
changes, so none is lost; a service that still runs on it answers them with 503. Run it again if you don't know how it ended.

  --cancel  lets the file take changes again, if the database of MOVE_TO is empty, and the move to it was not carried out

docs/moving-to-postgresql.md says more.
`;

const HALFWAY =
  'The file takes no changes meanwhile, so nothing is lost: run the command again. With --cancel the file takes changes again.';

const OTHER_ROWS =
  'They are not those of the file: its move to this database was not carried out, and something else wrote there. The file takes no changes ' +
  'meanwhile, so nothing of it is lost. Drop the database, create it anew, and run the command again.';

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
    const patience = { ...PATIENCE, tell: (text: string) => void stderr.write(`${text}\n`) };
    if (isCancelled) {
      await cancelMove(from, to, entitiesFor, patience);
      stderr.write(`${from.path} takes changes again.\n`);
      return;
    }
    const attributes = await onDatabase(from, () => indexedAttributes(from));
    const moved = await moveAll(from, to, entitiesFor, patience);
    await makeIndexes(to, attributes, screen);
    stderr.write(
      `${placeOf(to)} has ${toldOf(moved)} ${from.path} takes no more changes. Start the service with the new DATABASE_URL.\n`,
    );
  });
}

function toldOf(moved: Filled | Before): string {
  if (typeof moved === 'object') return `${counted(moved.rows)}.`;
  return moved === 'moved before'
    ? 'all of it already.'
    : 'all of it already, and was changed since it was moved there, so it must not be moved anew.';
}

/** Moves everything, unless it was moved there before. Throws Refused or DatabaseUnusable. */
export function moveAll(
  from: OnFile,
  to: OnServer,
  entitiesFor: (engine: Engine) => Entities,
  patience = PATIENCE,
): Promise<Filled | Before> {
  return onDatabase(from, () =>
    withHeldFile(from, entitiesFor('sqlite'), async (file) => {
      let isClosed = false;
      const steps: Steps = {
        patience,
        whenAlone: (client) => requireTarget(file, client),
        // First the file: at no time do both take changes. If the other commit fails, nothing is lost, and the next try moves it.
        beforeCommit: async (client) => {
          const note = { ...(await targetOf(client)), place: placeOf(to), move: randomUUID() };
          await noteMove(client, note.move);
          await file.close(note);
          isClosed = true;
        },
      };
      const put = (place: Place) => fill(place, file.tables, allRows(file.rows, file.tables));
      const moving = onDatabase(to, () => withEmptyDatabase(to, entitiesFor('postgres'), SCHEMA_NUMBER, put, steps));
      return moving.catch((error: Error) => {
        if (error instanceof MovedBefore) return error.found;
        if (isClosed) throw new Refused(`${error.message} ${HALFWAY}`);
        throw file.moved && error instanceof NotEmpty ? new Refused(`${error.reason} ${OTHER_ROWS}`) : error;
      });
    }),
  );
}

/** Lets a file that was moved take changes again. Throws Refused if the other database is not empty, or has what was moved. */
export function cancelMove(
  from: OnFile,
  to: OnServer,
  entitiesFor: (engine: Engine) => Entities,
  patience = PATIENCE,
): Promise<void> {
  return onDatabase(from, () =>
    withHeldFile(from, entitiesFor('sqlite'), async (file) => {
      if (!file.moved) throw new Refused('The file was not moved, so there is nothing to cancel.');
      const steps = { patience, whenAlone: (client: ClientBase) => requireTarget(file, client) };
      await onDatabase(to, () => requireEmptyDatabase(to, entitiesFor('postgres'), steps));
      await file.reopen();
    }),
  );
}
