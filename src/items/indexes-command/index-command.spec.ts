import { describe, expect, it } from '@jest/globals';
import { parseIndexCommand } from './index-command.js';

describe('parseIndexCommand', () => {
  it('reads each command', () => {
    expect(parseIndexCommand([])).toEqual({ kind: 'list' });
    expect(parseIndexCommand(['list'])).toEqual({ kind: 'list' });
    const name = 'items_attribute_0123456789abcdef_json';
    expect(parseIndexCommand(['drop', name])).toEqual({ kind: 'drop', name });
  });

  it.each([[['help']], [['--help']], [['-h']], [['drop', '--help']]])('%j asks for help', (given) => {
    expect(parseIndexCommand(given)).toBe('help');
  });

  it.each([
    [['make'], 'Unknown command'],
    [['--json'], 'Unknown command'],
    [['list', 'x'], 'list takes no further parameters'],
    [['drop'], 'The name of the index is missing'],
    [['drop', 'items_name_id'], 'This is not the name'],
    [['drop', 'items_attribute_x; DROP TABLE items'], 'This is not the name'],
    [['drop', 'items_attribute_a_json', 'x'], 'drop takes no further parameters'],
  ])('%j is no command: %s', (given, message) => {
    expect(() => parseIndexCommand(given)).toThrow(message);
  });
});
