import type { Logger } from 'pino';
import { systemClock } from '../../../config/clock.js';
import { ConfigError, type DatabaseConfig, type Engine } from '../../../config/config.js';
import { loadConfigOfTool } from '../../../config/load-config.js';
import type { Entities } from '../../../database/data-source-options.js';
import { Database } from '../../../database/database.js';
import { DatabaseUnusable, unusable } from '../../../database/open-database.js';
import { createLogger } from '../../../telemetry/logger.js';
import { IssuedKeys } from '../issued-keys.js';
import { parseCommand, type KeyCommand } from './key-command.js';
import { carryOut, Refused, type Screen } from './key-commands.js';
import { USAGE, UsageError } from './usage.js';

/** Exit codes, as in sysexits.h. */
const EXIT = { done: 0, refused: 1, usage: 64, unavailable: 69, config: 78 };

/**
 * Runs the command `keys`, and returns its exit code. Keys and lists go to standard output, everything else to standard error.
 * `entitiesFor`: all tables, since the database may have to be created.
 */
export async function manageKeys(
  parameters: string[],
  screen: Screen,
  entitiesFor: (engine: Engine) => Entities,
): Promise<number> {
  try {
    const command = parseCommand(parameters);
    if (command === 'help') {
      screen.stdout.write(USAGE);
      return EXIT.done;
    }
    const { config, remarks } = loadConfigOfTool();
    for (const remark of remarks) screen.stderr.write(`${remark}\n`);
    await onDatabase(config.database, entitiesFor, command, screen);
    return EXIT.done;
  } catch (error) {
    return report(error, screen);
  }
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

/** Prints what went wrong, and returns the exit code for it. */
function report(error: unknown, { stderr }: Screen): number {
  const { message } = error as Error;
  stderr.write(`${message}\n${error instanceof UsageError ? `\n${USAGE}` : ''}`);
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof ConfigError) return EXIT.config;
  return error instanceof DatabaseUnusable ? EXIT.unavailable : EXIT.refused;
}
