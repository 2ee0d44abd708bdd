import { parseArgs } from 'node:util';
import { UsageError } from '../../command-line/run-command.js';

/** What the command line gives: the options that are set, and the file. */
interface Parameters {
  has(option: string): boolean;
  /** Throws UsageError if it is missing. */
  file(): string;
}

/** Reads parameters with these options, none of which has a value. Throws UsageError. */
export function readParameters(args: string[], options: string[], takesFile: boolean): Parameters | 'help' {
  if (args.some((one) => one === '--help' || one === '-h') || args[0] === 'help') return 'help';
  const { values, positionals } = parsed(args, options);
  if (positionals.length > (takesFile ? 1 : 0)) throw new UsageError('There are too many parameters.');
  return {
    has: (option) => values[option] === true,
    file: () => {
      const [file] = positionals;
      if (!file) throw new UsageError('The name of the file is missing.');
      return file;
    },
  };
}

function parsed(args: string[], names: string[]) {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'boolean' as const }]));
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    // Its first sentence names the option; the others explain how to escape it.
    throw new UsageError(`${(error as Error).message.split(/\. |\n/)[0]?.replace(/\.$/, '')}.`);
  }
}
