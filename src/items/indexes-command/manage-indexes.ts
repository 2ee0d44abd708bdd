import { Refused, runCommand } from '../../command-line/run-command.js';
import type { Screen } from '../../command-line/screen.js';
import { tableOf } from '../../command-line/table.js';
import type { DatabaseConfig } from '../../config/config.js';
import { loadConfigOfTool } from '../../config/load-config.js';
import { unusable } from '../../database/open-database.js';
import type { FoundIndex, IndexSession } from '../store/indexes/index-session.js';
import { openIndexSession } from '../store/indexes/open-index-session.js';
import { parseIndexCommand, USAGE, type IndexCommand } from './index-command.js';

/** Runs the command `indexes`, and returns its exit code. The list goes to standard output, everything else to standard error. */
export function manageIndexes(parameters: string[], screen: Screen): Promise<number> {
  const parse = () => parseIndexCommand(parameters);
  return runCommand(screen, USAGE, parse, async (command) => {
    const { config, remarks } = loadConfigOfTool();
    for (const remark of remarks) screen.stderr.write(`${remark}\n`);
    await onDatabase(config.database, (session) => carryOut(command, session, screen));
  });
}

async function onDatabase(config: DatabaseConfig, work: (session: IndexSession) => Promise<void>): Promise<void> {
  const never = new AbortController().signal;
  const session = await openIndexSession(config, never).catch((error: unknown) => {
    throw unusable(config, error);
  });
  try {
    await work(session);
  } catch (error) {
    throw error instanceof Refused ? error : unusable(config, error);
  } finally {
    await session.close();
  }
}

async function carryOut(command: IndexCommand, session: IndexSession, { stdout, stderr }: Screen): Promise<void> {
  if (command.kind === 'list') {
    const indexes = await session.list();
    if (indexes.length === 0) stderr.write('There are no indexes on attributes. INDEXED_ATTRIBUTES makes them.\n');
    else stdout.write(tableOf(HEADINGS, indexes.map(cells).toSorted(byAttribute)));
  } else if (await session.drop(command.name)) {
    stderr.write(
      `Index ${command.name} is dropped. If INDEXED_ATTRIBUTES still names its attribute, the next start makes it again.\n`,
    );
  } else {
    throw new Refused(`There is no index ${command.name} on an attribute. \`npm run -s indexes\` shows all.`);
  }
}

const HEADINGS = ['NAME', 'ATTRIBUTE', 'KIND', 'STATE', 'MB'];

function byAttribute([, ...a]: string[], [, ...b]: string[]): number {
  return a.join(' ') < b.join(' ') ? -1 : 1;
}

function cells({ name, attribute, kind, state, bytes }: FoundIndex): string[] {
  return [name, attribute ?? '?', kind ?? '?', state, bytes === null ? '-' : (bytes / 1_000_000).toFixed(1)];
}
