import { describe, expect, it } from '@jest/globals';
import { parseCommand } from './key-command.js';

const BILLING = ['create', '--name', 'billing', '--scopes', 'items:read,items:write'];
const KEY = 'items_0123456789_0000000000000000000000000000000000000000000_4tvNJ2';
const HOUR_MS = 3_600_000;

const named = (name: string) => ['create', '--name', name, '--scopes', 'items:read'];
const scoped = (scopes: string) => ['create', '--name', 'x', '--scopes', scopes];
const requestOf = (parameters: string[]) => {
  const command = parseCommand(parameters);
  return command !== 'help' && command.kind === 'create' ? command.request : undefined;
};

describe('parseCommand', () => {
  it('reads each command with its options, in any order', () => {
    const request = { name: 'billing', scopes: ['items:read', 'items:write'] };
    expect(parseCommand(BILLING)).toEqual({ kind: 'create', request, isQuiet: false });
    expect(parseCommand(['create', '--quiet', '--expires=2h', ...BILLING.slice(1)])).toEqual({
      kind: 'create',
      request: { ...request, lifetimeMs: 2 * HOUR_MS },
      isQuiet: true,
    });
    expect(parseCommand(['list'])).toEqual({ kind: 'list', isJson: false });
    expect(parseCommand(['list', '--json'])).toEqual({ kind: 'list', isJson: true });
    const id = '0123456789';
    expect(parseCommand(['rotate', id])).toEqual({ kind: 'rotate', id, isNow: false, isQuiet: false });
    expect(parseCommand(['rotate', '--now', id, '--quiet'])).toEqual({
      kind: 'rotate',
      id,
      isNow: true,
      isQuiet: true,
    });
    expect(parseCommand(['revoke', id])).toEqual({ kind: 'revoke', id });
  });

  it.each([[['help']], [['--help']], [['-h']], [['create', '--help']], [['rotate', '-h']]])(
    '%j asks for help',
    (given) => {
      expect(parseCommand(given)).toBe('help');
    },
  );

  it.each([
    ['1h', HOUR_MS],
    ['90d', 90 * 24 * HOUR_MS],
    ['99999d', 99_999 * 24 * HOUR_MS],
  ])('--expires %s', (time, lifetimeMs) => {
    expect(requestOf([...BILLING, '--expires', time])?.lifetimeMs).toBe(lifetimeMs);
  });

  it('takes any printable name of up to 100 characters', () => {
    for (const name of ['x', 'a b', '\u{1F511}'.repeat(100), 'äöü (old) #2']) {
      expect(requestOf(named(name))?.name).toBe(name);
    }
  });

  it('takes each scope once, in one order', () => {
    expect(requestOf(scoped('changes:read,items:read,items:read'))?.scopes).toEqual(['items:read', 'changes:read']);
  });

  it.each([
    ['no command', [], /^No command\./],
    ['another command', ['make'], /^Unknown command\./],
    ['no name', ['create', '--scopes', 'items:read'], /^--name is missing\.$/],
    ['no scopes', ['create', '--name', 'x'], /^--scopes is missing\.$/],
    ['an empty name', named(''), /^--name must be 1 to 100 /],
    ['a name with a space before it', named(' x'), /^--name must be 1 to 100 /],
    ['a name with a control character', named('x\u001B[2J'), /^--name must be 1 to 100 /],
    ['a name with a line break', named('x\u2028y'), /^--name must be 1 to 100 /],
    ['a name that turns the direction of writing', named('x\u202Ey'), /^--name must be 1 to 100 /],
    ['half a character', named('x\uD83D'), /^--name must be 1 to 100 /],
    ['a name of 101 characters', named('x'.repeat(101)), /^--name must be 1 to 100 /],
    ['an unknown scope', scoped('items:read,items:reed'), /^--scopes has "items:reed"\. .* items:read,items:write,/],
    ['no scope', scoped(''), /^--scopes has ""\./],
    ['scopes separated by spaces', scoped('items:read items:write'), /^--scopes has "items:read items:write"\./],
    ...['0d', '90', 'd', '3w', '-1d', '1.5d', '100000d', '90 d', '1D', ''].map((time): [string, string[], RegExp] => [
      `--expires=${time}`,
      [...BILLING, `--expires=${time}`],
      /^--expires must be /,
    ]),
    ['an option twice', [...BILLING, '--name', 'y'], /^--name is given twice\.$/],
    ['a parameter too many', [...BILLING, 'more'], /^create takes no further parameters\.$/],
    ['an option of another command', [...BILLING, '--now'], /^Unknown option '--now'\.$/],
    ['an option without its value', ['create', '--name'], /^Option '--name <value>' argument missing\.$/],
    ['a value for a switch', ['list', '--json=1'], /^Option '--json' does not take an argument\.$/],
    ['no id to rotate', ['rotate'], /^The id of the key is missing\./],
    ['no id to revoke', ['revoke'], /^The id of the key is missing\./],
    ['two ids', ['revoke', '0123456789', '0123456788'], /^revoke takes no further parameters\.$/],
    ['a name instead of an id', ['revoke', 'billing'], /^This is not the id of a key\./],
    ['a key instead of its id', ['revoke', KEY], /^This is a key\. Its id is 0123456789\.$/],
  ] as [string, string[], RegExp][])('refuses %s', (_, parameters, complaint) => {
    expect(() => parseCommand(parameters)).toThrow(complaint);
    expect(() => parseCommand(parameters)).not.toThrow(KEY);
  });
});
