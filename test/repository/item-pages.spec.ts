import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as limits from '../../src/items/store/item.limits.js';
import { CONTENT_MEMBERS, READ_ONLY_MEMBERS } from '../../src/items/store/item.members.js';
import { READ_ONLY_NAMES } from '../../src/items/dto/item.schemas.js';

/** The rows of the table under "What an item may hold". */
const rows = [...readFileSync('docs/api.md', 'utf8').matchAll(/^\| `(\w+)` +\| (.*?) +\|$/gm)].map(
  ([, member = '', rule = '']) => ({ member, rule }),
);

describe('what an item may hold', () => {
  it('is said in docs/api.md of each member that clients write', () => {
    expect(rows.map(({ member }) => member)).toEqual(['id', ...CONTENT_MEMBERS]);
  });

  it('is said with each limit', () => {
    for (const [name, limit] of Object.entries(limits)) {
      const { rule } = rows.find(({ member }) => name.toLowerCase().startsWith(member.replace(/s$/, '')))!;
      expect(`${name}: ${rule}`).toMatch(new RegExp(String.raw`\b${limit.toLocaleString('en-US')}\b`));
    }
    expect(Object.keys(limits).length).toBeGreaterThan(0);
  });

  it('is in the first lines of README.md', () => {
    const start = readFileSync('README.md', 'utf8').slice(0, 500);
    expect(CONTENT_MEMBERS.filter((member) => !start.includes(member))).toEqual([]);
  });

  it('names all members that a patch can’t change', () => {
    expect(READ_ONLY_NAMES.split(/, | or /)).toEqual(READ_ONLY_MEMBERS);
  });
});
