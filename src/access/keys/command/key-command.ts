import { parseArgs } from 'node:util';
import { UsageError } from '../../../command-line/run-command.js';
import { SCOPES, type Scope } from '../../../contract/operation.js';
import type { KeyRequest } from '../issued-keys.js';
import { idIn, isId } from '../key-text.js';
import { MAX_NAME_LENGTH } from '../key.limits.js';

/** What the command line asks for. */
export type KeyCommand =
  | { kind: 'create'; request: KeyRequest; isQuiet: boolean }
  | { kind: 'list'; isJson: boolean }
  | { kind: 'rotate'; id: string; isNow: boolean; isQuiet: boolean }
  | { kind: 'revoke'; id: string };

/** The options of each command, and what else it takes. */
const FORMS = {
  create: { name: 'string', scopes: 'string', expires: 'string', quiet: 'boolean' },
  list: { json: 'boolean' },
  rotate: { now: 'boolean', quiet: 'boolean' },
  revoke: {},
} as const;

interface Given {
  text: (option: string) => string | undefined;
  has: (option: string) => boolean;
  id: () => string;
}

const HOUR_MS = 3_600_000;
const UNITS_MS: Record<string, number> = { h: HOUR_MS, d: 24 * HOUR_MS };

/** Reads the parameters of the command. Throws UsageError. */
export function parseCommand([name = '', ...parameters]: string[]): KeyCommand | 'help' {
  if ([name, ...parameters].some((one) => one === '--help' || one === '-h') || name === 'help') return 'help';
  switch (name) {
    case 'create': {
      const given = read(name, parameters);
      return { kind: name, request: requestIn(given), isQuiet: given.has('quiet') };
    }
    case 'list':
      return { kind: name, isJson: read(name, parameters).has('json') };
    case 'rotate': {
      const given = read(name, parameters);
      return { kind: name, id: given.id(), isNow: given.has('now'), isQuiet: given.has('quiet') };
    }
    case 'revoke':
      return { kind: name, id: read(name, parameters).id() };
    default:
      throw new UsageError(`${name ? 'Unknown command' : 'No command'}. It must be create, list, rotate or revoke.`);
  }
}

function read(name: keyof typeof FORMS, parameters: string[]): Given {
  const options = Object.fromEntries(Object.entries(FORMS[name]).map(([option, type]) => [option, { type }]));
  const { values, positionals, tokens } = parsed(parameters, options);
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  const twice = given.find((option, at) => given.indexOf(option) !== at);
  if (twice !== undefined) throw new UsageError(`--${twice} is given twice.`);
  const takesId = name === 'rotate' || name === 'revoke';
  if (positionals.length > (takesId ? 1 : 0)) throw new UsageError(`${name} takes no further parameters.`);
  return {
    text: (option) => values[option] as string | undefined,
    has: (option) => values[option] === true,
    id: () => idOf(positionals[0]),
  };
}

function parsed(args: string[], options: Record<string, { type: 'string' | 'boolean' }>) {
  try {
    return parseArgs({ args, options, tokens: true, allowPositionals: true });
  } catch (error) {
    // Its first sentence names the option; the others explain how to escape it.
    throw new UsageError(`${(error as Error).message.split(/\. |\n/)[0]?.replace(/\.$/, '')}.`);
  }
}

// Never shows what was given, since it may be a key.
function idOf(text: string | undefined): string {
  if (text === undefined) throw new UsageError('The id of the key is missing. `npm run keys -- list` shows the ids.');
  if (isId(text)) return text;
  const id = idIn(text);
  throw new UsageError(
    id ? `This is a key. Its id is ${id}.` : 'This is not the id of a key. `npm run keys -- list` shows the ids.',
  );
}

function requestIn({ text }: Given): KeyRequest {
  const expires = text('expires');
  return {
    name: nameIn(text('name')),
    scopes: scopesIn(text('scopes')),
    ...(expires !== undefined && { lifetimeMs: lifetimeIn(expires) }),
  };
}

function nameIn(text: string | undefined): string {
  if (text === undefined) throw new UsageError('--name is missing.');
  // No control, format or unassigned characters, and no line breaks: they would spoil the list.
  const isPrintable = /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(text) && text.trim() === text;
  if (isPrintable && [...text].length <= MAX_NAME_LENGTH) return text;
  throw new UsageError(
    `--name must be 1 to ${MAX_NAME_LENGTH} printable characters, without spaces at its beginning and end.`,
  );
}

function scopesIn(text: string | undefined): Scope[] {
  if (text === undefined) throw new UsageError('--scopes is missing.');
  const given = text.split(',');
  const unknown = given.find((one) => !SCOPES.some((scope) => scope === one));
  if (unknown === undefined) return SCOPES.filter((scope) => given.includes(scope));
  throw new UsageError(`--scopes has ${JSON.stringify(unknown)}. It must be some of ${SCOPES.join(',')}.`);
}

function lifetimeIn(text: string): number {
  const [, number, unit = ''] = /^([1-9]\d{0,4})([dh])$/.exec(text) ?? [];
  if (number === undefined) {
    throw new UsageError('--expires must be a number of days or hours from 1 to 99999, such as 90d or 12h.');
  }
  return Number(number) * UNITS_MS[unit]!;
}
