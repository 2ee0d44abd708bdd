import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Item } from '../../../src/items/store/item.entity.js';
import { CONTENT_MEMBERS, contentOf, type ContentMember } from '../../../src/items/store/item.members.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

/** Two values of each member. A missing member does not compile. */
const VALUES: { [Name in ContentMember]: [one: Item[Name], other: Item[Name]] } = {
  name: ['one', 'other'],
  description: ['one', 'other'],
  tags: [
    ['one', 'two'],
    ['two', 'one'],
  ],
  attributes: [{ is: 'one' }, { is: 'other' }],
};

// A member that one place forgets would vanish without an error, so each is sent and read in every way.
describe.each(CONTENT_MEMBERS)('%s of an item', (member) => {
  const [one, other] = VALUES[member];
  const id = `with-${member}`;
  const path = `/items/${id}`;
  const [first, second] = [one, other].map((value) => ({ name: 'x', [member]: value }));
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    (await service.api.post('/items', { id, ...first })).expect(201);
  });
  afterAll(() => service?.close());

  /** The member in the answer to the last change, and in all later reads. */
  const expectEverywhere = async (answered: unknown, value: unknown) => {
    expect(answered).toEqual(value);
    expect((await service.api.get(path)).expect(200).json[member]).toEqual(value);
    const page = (await service.api.get('/items')).expect(200).json;
    expect(page.items.map((item: Record<string, unknown>) => item[member])).toEqual([value]);
    const [version] = await queryDirectly(
      service.config.database,
      `SELECT snapshot FROM item_versions WHERE item_id = '${id}' ORDER BY seq DESC LIMIT 1`,
    );
    const snapshot: unknown = typeof version?.snapshot === 'string' ? JSON.parse(version.snapshot) : version?.snapshot;
    expect(snapshot).toMatchObject({ [member]: value });
  };

  it('201 by POST; a repeat under its key gives the first value', async () => {
    (await service.api.delete(path)).expect(204);
    const key = { headers: { 'idempotency-key': 'post' } };
    const post = async () => (await service.api.post('/items', { id, ...first }, key)).expect(201);
    const created = await post();
    await expectEverywhere(created.json[member], one);
    (await service.api.put(path, second)).expect(200);
    expect((await post()).text).toBe(created.text);
  });

  it('200 by PUT that changes nothing else', async () => {
    (await service.api.put(path, first)).expect(200);
    const replaced = (await service.api.put(path, second)).expect(200);
    await expectEverywhere(replaced.json[member], other);
    // The same value again is no change.
    expect((await service.api.put(path, replaced.json)).expect(200).text).toBe(replaced.text);
  });

  it('200 by both kinds of patch', async () => {
    (await service.api.put(path, first)).expect(200);
    const merged = (await service.api.patch(path, { [member]: other })).expect(200);
    await expectEverywhere(merged.json[member], other);
    const type = { headers: { 'content-type': 'application/json-patch+json' } };
    const operations = [{ op: 'replace', path: `/${member}`, value: one }];
    const patched = (await service.api.patch(path, operations, type)).expect(200);
    await expectEverywhere(patched.json[member], one);
  });

  it('is absent after a PUT without it', async () => {
    (await service.api.put(path, first)).expect(200);
    const replaced = (await service.api.put(path, { name: 'y' })).expect(200);
    const none = contentOf({ name: 'y' })[member];
    // Answers leave out what is null.
    expect(replaced.json[member]).toEqual(none === null ? undefined : none);
  });
});
