import { ConfigError } from '../config/config.js';
import { DatabaseUnusable } from '../database/open-database.js';
import type { Screen } from './screen.js';

/** Exit codes, as in sysexits.h. */
const EXIT = { done: 0, refused: 1, usage: 64, unavailable: 69, config: 78 };

/** The command line can't be understood. Its message is printed, and the usage below it. */
export class UsageError extends Error {}

/** What was asked for can't be done. Its message says why. */
export class Refused extends Error {}

/**
 * Runs a command and returns its exit code. `parse` reads its parameters and may throw UsageError; `carryOut` may throw Refused,
 * ConfigError or DatabaseUnusable. Whatever is thrown is printed by its message.
 */
export async function runCommand<Command>(
  screen: Screen,
  usage: string,
  parse: () => Command | 'help',
  carryOut: (command: Command) => Promise<void>,
): Promise<number> {
  try {
    const command = parse();
    if (command === 'help') screen.stdout.write(usage);
    else await carryOut(command);
    return EXIT.done;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    screen.stderr.write(`${(error as Error).message}\n${isUsage ? `\n${usage}` : ''}`);
    if (isUsage) return EXIT.usage;
    if (error instanceof ConfigError) return EXIT.config;
    return error instanceof DatabaseUnusable ? EXIT.unavailable : EXIT.refused;
  }
}
