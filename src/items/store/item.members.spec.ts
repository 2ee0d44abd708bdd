import { describe, expect, it } from '@jest/globals';
import { ItemContentDto } from '../dto/item-content.dto.js';
import { toItemDto } from '../dto/item.dto.js';
import type { Item } from './item.entity.js';
import {
  contentOf,
  ITEM_MEMBERS,
  type ContentMember,
  type Exactly,
  type Member,
  type SentContent,
} from './item.members.js';

// `npm run types` fails where one of these is no error.
describe('the compiler', () => {
  it('refuses a list without a member of the item', () => {
    const { description: _, ...others } = ITEM_MEMBERS;
    // @ts-expect-error description is missing
    const list: Record<keyof Item, Member<unknown>> = others;
    expect(Object.keys(list)).not.toContain('description');
  });

  it('refuses an optional member without a value for none', () => {
    // @ts-expect-error it must say whether it is required, or what it is if it is absent
    const colour: Member<string> = { column: 'colour', type: 'varchar', role: 'optional' };
    expect(colour).not.toHaveProperty('none');
  });

  it('refuses content without a required member', () => {
    // @ts-expect-error name is missing
    const content: SentContent = { description: 'd' };
    expect(contentOf(content).name).toBe(undefined);
  });

  it('refuses a DTO without a member of the list', () => {
    // @ts-expect-error description and more are missing
    class ShortDto implements Exactly<ShortDto, ContentMember> {
      name = '';
    }
    expect(Object.keys(new ShortDto())).toEqual(['name']);
  });

  it('refuses a DTO with a member that nothing would keep', () => {
    class LongDto extends ItemContentDto implements Exactly<LongDto, ContentMember> {
      // @ts-expect-error colour is not in the list
      colour?: string;
    }
    expect(Object.keys(contentOf(Object.assign(new LongDto(), { name: 'x', colour: 'red' })))).not.toContain('colour');
  });
});

const item: Item = {
  id: 'a',
  ...contentOf({ name: 'A "quoted" name' }),
  version: 2_147_483_647,
  revision: 'aaaaaaaa',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-02-02T00:00:00.000Z',
  deletedAt: null,
};

describe('contentOf', () => {
  it('gives what is left out, or null, the value for none', () => {
    const none = { name: 'x', description: null, tags: [], attributes: {} };
    expect(contentOf({ name: 'x' })).toEqual(none);
    expect(contentOf({ name: 'x', description: null, tags: null, attributes: null })).toEqual(none);
    expect(contentOf({ name: 'x', description: '' })).toEqual({ ...none, description: '' });
  });

  it('takes the content alone, in the order of the list', () => {
    const sent = { version: 3, attributes: { a: 1 }, description: 'd', name: 'x', id: 'a', colour: 'red' };
    expect(JSON.stringify(contentOf(sent))).toBe('{"name":"x","description":"d","tags":[],"attributes":{"a":1}}');
    expect(contentOf(item)).toEqual(contentOf({ name: item.name }));
  });
});

describe('an item as JSON', () => {
  it('has no more bytes in a read-only member than the list says', () => {
    const short = Object.entries<Member<unknown>>(ITEM_MEMBERS).flatMap(([name, member]) =>
      member.role === 'read-only' && member.jsonBytes ? [[name, member.jsonBytes] as const] : [],
    );
    expect(short).not.toEqual([]);
    for (const [name, bytes] of short) expect(JSON.stringify(item[name as keyof Item]).length).toBe(bytes);
  });

  const shown = ['id', 'name', 'tags', 'attributes', 'version', 'createdAt', 'updatedAt'];

  it('has the members that clients see, in the order of the list, without those that are null', () => {
    expect(Object.keys(toItemDto(item))).toEqual(shown);
    const described = { ...item, description: '' };
    expect(Object.keys(toItemDto(described))).toEqual(shown.toSpliced(2, 0, 'description'));
  });
});
