import { UsageError } from '../../command-line/run-command.js';
import { INDEX_PREFIX } from '../store/indexes/attribute-index.js';

/** What the command line asks for. */
export type IndexCommand = { kind: 'list' } | { kind: 'drop'; name: string };

/** How the command is called. */
export const USAGE = `Usage: npm run -s indexes [-- <command>]

  list
      Shows the indexes on attributes: name, attribute, kind, state and, on PostgreSQL, size. Without a command, too.
      KIND   json serves ==, =in= and beginnings of texts, number serves numbers in an order
      STATE  an invalid one serves nothing: its making was broken off. The next start of the service makes it again
  drop <name>
      Drops one of them. On PostgreSQL reads and changes go on meanwhile.

The indexes are in the database of DATABASE_URL, which is read from the environment or .env as by the service. The service makes those
of INDEXED_ATTRIBUTES when it starts, and never drops any.
`;

/** Names of indexes on attributes; nothing else is put into a statement. */
const NAME = new RegExp(`^${INDEX_PREFIX}[a-z0-9_]+$`);

/** Reads the parameters of the command. Throws UsageError. */
export function parseIndexCommand([command = 'list', ...parameters]: string[]): IndexCommand | 'help' {
  if ([command, ...parameters].some((one) => one === '--help' || one === '-h') || command === 'help') return 'help';
  if (command !== 'list' && command !== 'drop') throw new UsageError('Unknown command. It must be list or drop.');
  const [name, ...more] = command === 'drop' ? parameters : [undefined, ...parameters];
  if (more.length > 0) throw new UsageError(`${command} takes no further parameters.`);
  if (command === 'list') return { kind: 'list' };
  if (name === undefined)
    throw new UsageError('The name of the index is missing. `npm run -s indexes` shows the names.');
  if (NAME.test(name)) return { kind: 'drop', name };
  throw new UsageError('This is not the name of an index on an attribute. `npm run -s indexes` shows the names.');
}
