import type { Logger } from 'pino';
import { Refused, runCommand } from '../../../command-line/run-command.js';
import type { Screen } from '../../../command-line/screen.js';
import { systemClock } from '../../../config/clock.js';
import type { DatabaseConfig, Engine } from '../../../config/config.js';
import { loadConfigOfTool } from '../../../config/load-config.js';
import type { Entities } from '../../../database/data-source-options.js';
import { Database } from '../../../database/database.js';
import { unusable } from '../../../database/open-database.js';
import { createLogger } from '../../../telemetry/logger.js';
import { IssuedKeys } from '../issued-keys.js';
import { parseCommand, type KeyCommand } from './key-command.js';
import { carryOut } from './key-commands.js';
import { USAGE } from './usage.js';

/**
 * Runs the command `keys`, and returns its exit code. Keys and lists go to standard output, everything else to standard error.
 * `entitiesFor`: all tables, since the database may have to be created.
 */
export function manageKeys(
  parameters: string[],
  screen: Screen,
  entitiesFor: (engine: Engine) => Entities,
): Promise<number> {
  const parse = () => parseCommand(parameters);
  return runCommand(screen, USAGE, parse, async (command) => {
    const { config, remarks } = loadConfigOfTool();
    for (const remark of remarks) screen.stderr.write(`${remark}\n`);
    await onDatabase(config.database, entitiesFor, command, screen);
  });
}

async function onDatabase(
  config: DatabaseConfig,
  entitiesFor: (engine: Engine) => Entities,
  command: KeyCommand,
  screen: Screen,
): Promise<void> {
  const database = new Database(config, entitiesFor(config.engine), loggerOn(screen, command));
  await database.open(() => Promise.resolve());
  try {
    await carryOut(command, new IssuedKeys(database.writer, systemClock), screen);
  } catch (error) {
    throw error instanceof Refused ? error : unusable(config, error);
  } finally {
    await Promise.all([database.writer.destroy(), database.reader.destroy()]);
  }
}

/** Tells what opening the database did to it, each message once. */
function loggerOn({ stderr }: Screen, command: KeyCommand): Logger {
  const told = new Set<string>();
  const write = (line: string) => {
    const { msg, database } = JSON.parse(line) as { msg: string; database?: string };
    if (!told.has(msg)) stderr.write(`${msg}${database === undefined ? '' : `: ${database}`}\n`);
    told.add(msg);
  };
  const isQuiet = 'isQuiet' in command && command.isQuiet;
  return createLogger(isQuiet ? 'silent' : 'info', { write });
}
