import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp();
});
afterAll(() => service?.close());

/** A new item of version 2. */
async function twice(id: string): Promise<string> {
  (await service.api.put(`/items/${id}`, { name: 'first' })).expect(201);
  (await service.api.put(`/items/${id}`, { name: 'second' })).expect(200);
  return `/items/${id}`;
}

const put = (target: string, name: string, headers: Record<string, string>) =>
  service.api.put(target, { name }, { headers });

const entityTagOf = (target: string) => service.api.entityTagOf(target);

const FAILED = [412, 'precondition-failed'] as const;

describe('conditions on PUT', () => {
  it('[F7] [F10] [F11] 200 if they hold', async () => {
    const target = await twice('holds');
    const before = await entityTagOf(target);
    (await put(target, 'a', {})).expect(200);
    expect((await put(target, 'b', { 'if-none-match': before })).expect(200).json.version).toBe(4);
    proves('F7');
    expect((await put(target, 'c', { 'if-match': await entityTagOf(target) })).expect(200).json.version).toBe(5);
    proves('F10');
    expect(
      (await put(target, 'd', { 'if-match': `${before}, ${await entityTagOf(target)}` })).expect(200).json.version,
    ).toBe(6);
    proves('F11');
    expect((await put(target, 'e', { 'if-match': '*' })).expect(200).json.version).toBe(7);
  });

  it.each([
    ['F8', 'if-match', '"2"'],
    ['F9', 'if-match', 'W/TAG'],
    ['F14', 'if-none-match', '*'],
    ['F17', 'if-unmodified-since', 'Fri, 02 Jan 2026 03:04:04 GMT'],
  ])('[%s] [F19] 412 for %s: %s names the current version, and nothing changes', async (number, name, value) => {
    const target = await twice(`fails-${number}`);
    const headers = { [name]: value.replace('TAG', await entityTagOf(target)) };
    const before = (await service.api.get(target)).expect(200).text;
    proves(number);
    const refused = (await put(target, 'third', headers)).expect(...FAILED);
    expect(refused.headers['cache-control']).toBe('no-store');
    proves('F19');
    expect(refused.json).toMatchObject({ currentVersion: 2, retryable: false });
    proves(number);
    expect((await service.api.get(target)).expect(200).text).toBe(before);
  });

  it('[F19] 412 for the current tag in If-None-Match, and nothing changes', async () => {
    const target = await twice('known');
    const headers = { 'if-none-match': `W/${await entityTagOf(target)}` };
    expect((await put(target, 'third', headers)).expect(...FAILED).json.currentVersion).toBe(2);
    expect((await service.api.get(target)).expect(200).json).toMatchObject({ name: 'second', version: 2 });
  });

  it('[F9] [F19] 412 that says how a proxy altered the current tag, and what to do', async () => {
    const target = await twice('altered');
    const tag = await entityTagOf(target);
    const suffixed = ['-gzip', ';gzip', '--gzip', '-br', '-df'].map((suffix) => tag.replace(/"$/, `${suffix}"`));
    for (const sent of [`W/${tag}`, ...suffixed, `W/${suffixed[0]}`]) {
      for (const headers of [{ 'if-match': sent }, { 'if-match': `"other", ${sent}` }]) {
        proves('F19');
        const refused = (await put(target, 'third', headers)).expect(...FAILED).json;
        expect(refused.currentVersion).toBe(2);
        proves('F9');
        expect(refused.detail).toContain(`${sent} is the current tag`);
        expect(refused.detail).toContain(`or send ${tag}.`);
        expect((await service.api.delete(target, { headers })).expect(...FAILED).json.detail).toBe(refused.detail);
        expect((await service.api.get(target, { headers })).expect(...FAILED).json.detail).toBe(refused.detail);
      }
    }
    const older = (await put(target, 'third', { 'if-match': '"1-00000000-gzip"' })).expect(...FAILED).json.detail;
    expect(older).toContain('version 2 is current');
    (await put(target, 'third', { 'if-match': tag })).expect(200);
  });

  it('[D5] 304 for the current tag made weak, 200 for one with a suffix, whose body in a cache is another one', async () => {
    const target = await twice('altered-read');
    const tag = await entityTagOf(target);
    (await service.api.get(target, { headers: { 'if-none-match': `W/${tag}` } })).expect(304);
    (await service.api.get(target, { headers: { 'if-none-match': tag.replace(/"$/, '-gzip"') } })).expect(200);
  });

  it('[F17] 200 for the same second, for what is not a date, and for any date beside If-Match', async () => {
    const target = await twice('dates');
    const name = 'if-unmodified-since';
    (await put(target, 'a', { [name]: 'Fri, 02 Jan 2026 03:04:05 GMT' })).expect(200);
    (await put(target, 'b', { [name]: 'yesterday' })).expect(200);
    (await put(target, 'c', { [name]: 'Thu, 01 Jan 1970 00:00:00 GMT', 'if-match': await entityTagOf(target) })).expect(
      200,
    );
    // RFC 9110 §13.1.3: a condition only of GET and HEAD.
    (await put(target, 'd', { 'if-modified-since': 'Fri, 02 Jan 2150 00:00:00 GMT' })).expect(200);
  });

  it('[A4] 412 if there is no item, without a version, and nothing is created', async () => {
    for (const tag of ['*', '"1"']) {
      const refused = (await put('/items/nothing', 'x', { 'if-match': tag })).expect(...FAILED);
      expect(refused.json).not.toHaveProperty('currentVersion');
    }
    (await service.api.get('/items/nothing')).expect(404, 'item-not-found');
  });

  it('[F13] [D4] 201 for If-None-Match: * on a deleted id, and no older tag matches', async () => {
    const target = await twice('gone');
    const before = await entityTagOf(target);
    (await service.api.delete(target)).expect(204);
    for (const tag of [before, before.replace('2-', '3-')])
      (await put(target, 'x', { 'if-match': tag })).expect(...FAILED);
    proves('F13');
    expect((await put(target, 'x', { 'if-none-match': '*' })).expect(201).json.version).toBe(4);
    proves('D4');
    (await put(target, 'y', { 'if-match': before })).expect(...FAILED);
  });

  it('[F20] 412 for the same PUT again, whose first answer was lost', async () => {
    const target = await twice('lost');
    const headers = { 'if-match': await entityTagOf(target) };
    (await put(target, 'third', headers)).expect(200);
    expect((await put(target, 'third', headers)).expect(...FAILED).json.currentVersion).toBe(3);
  });

  it('[F21] 200 for a PUT that changes nothing, which adds nothing to the history', async () => {
    const target = await twice('same');
    (await put(target, 'second', { 'if-match': await entityTagOf(target) })).expect(200);
    const history = "SELECT version FROM item_versions WHERE item_id = 'same'";
    expect(await queryDirectly(service.config.database, history)).toHaveLength(2);
  });
});

describe('conditions on DELETE', () => {
  it('[H4] [H5] 412, and the item is still there; 204 if they hold', async () => {
    const target = await twice('to-delete');
    const remove = (headers: Record<string, string>) => service.api.delete(target, { headers });
    const tag = await entityTagOf(target);
    proves('H5');
    (await remove({ 'if-none-match': tag })).expect(...FAILED);
    proves('H4');
    expect((await remove({ 'if-match': '"2"' })).expect(...FAILED).json.currentVersion).toBe(2);
    (await remove({ 'if-unmodified-since': 'Fri, 02 Jan 2026 03:04:04 GMT' })).expect(...FAILED);
    (await service.api.get(target)).expect(200);
    (await remove({ 'if-match': tag })).expect(204);
    // [A2]: without the condition it would have been 404.
    (await remove({ 'if-match': tag })).expect(404, 'item-not-found');
  });
});

describe('conditions on POST /items, whose target is the list', () => {
  const post = (id: string, headers: Record<string, string>) =>
    service.api.post('/items', { id, name: 'x' }, { headers });

  it('[E16] 412 for If-None-Match: * and for the current tag, and nothing is created', async () => {
    const tag = (await service.api.get('/items')).expect(200).headers.etag ?? '';
    const refused = (await post('e16', { 'if-none-match': '*' })).expect(...FAILED);
    expect(refused.json).not.toHaveProperty('currentVersion');
    (await post('e16', { 'if-none-match': `"other", ${tag}` })).expect(...FAILED);
    (await post('e16', { 'if-match': '"1"' })).expect(...FAILED);
    (await post('e16', { 'if-match': tag })).expect(...FAILED);
    (await service.api.get('/items/e16')).expect(404, 'item-not-found');
  });

  it('201 for conditions that hold, and 409 after them', async () => {
    (await post('e16-held', { 'if-match': '*' })).expect(201);
    (await post('e16-else', { 'if-none-match': 'W/"another"' })).expect(201);
    (await post('e16-dated', { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).expect(201);
    (await post('e16-held', { 'if-match': '*' })).expect(409, 'item-exists');
  });
});

describe('where conditions are required', () => {
  let strict: TestApp;
  beforeAll(async () => {
    strict = await startTestApp({ requirePreconditions: true });
    (await strict.api.post('/items', { id: 'e', name: 'x' })).expect(201);
  });
  afterAll(() => strict?.close());

  const REQUIRED = [428, 'precondition-required'] as const;

  it('[F18] 428 for a PUT without If-Match and If-None-Match, also if there is no item', async () => {
    const refused = (await strict.api.put('/items/e', { name: 'y' })).expect(...REQUIRED);
    expect(refused.json.detail).toContain('If-Match');
    expect(refused.headers['cache-control']).toBe('no-store');
    (await strict.api.put('/items/x', { name: 'y' })).expect(...REQUIRED);
    const headers = { 'if-unmodified-since': 'Fri, 02 Jan 2150 00:00:00 GMT' };
    (await strict.api.put('/items/e', { name: 'y' }, { headers })).expect(...REQUIRED);
    (await strict.api.get('/items/x')).expect(404, 'item-not-found');
    const expected = { 'if-match': await strict.api.entityTagOf('/items/e') };
    (await strict.api.put('/items/e', { name: 'y' }, { headers: expected })).expect(200);
    (await strict.api.put('/items/x', { name: 'y' }, { headers: { 'if-none-match': '*' } })).expect(201);
  });

  it('[F18] 428 for a DELETE without If-Match, 404 if there is no item', async () => {
    (await strict.api.post('/items', { id: 'd', name: 'x' })).expect(201);
    (await strict.api.delete('/items/d')).expect(...REQUIRED);
    (await strict.api.delete('/items/d', { headers: { 'if-none-match': '"9"' } })).expect(...REQUIRED);
    (await strict.api.delete('/items/nothing')).expect(404, 'item-not-found');
    const expected = { 'if-match': await strict.api.entityTagOf('/items/d') };
    (await strict.api.delete('/items/d', { headers: expected })).expect(204);
  });

  it('reads and POST need none', async () => {
    (await strict.api.get('/items/e')).expect(200);
    (await strict.api.post('/items', { id: 'p', name: 'x' })).expect(201);
  });
});

/** How often a race is run, and how many take part in the large ones. */
const ROUNDS = sized(3, 10);
const WRITERS = sized(60, 200);
const ADDING = sized(10, 20);

describe('races, by two processes on one database', () => {
  let other: TestApp;
  beforeAll(async () => {
    other = await startTestApp({ database: service.config.database });
  });
  afterAll(() => other?.close());

  const race = (count: number, call: (api: TestApp['api'], n: number) => Promise<{ status: number }>) =>
    Promise.all(Array.from({ length: count }, (_, n) => call((n % 2 === 0 ? service : other).api, n)));
  const statusesOf = (answers: { status: number }[]) => {
    const statuses = answers.map(({ status }) => status);
    return Object.fromEntries([...new Set(statuses)].map((one) => [one, statuses.filter((s) => s === one).length]));
  };

  it('[F15] ten different PUTs that expect one version: one 200, nine 412', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const target = await twice(`race-put-${round}`);
      const headers = { 'if-match': await entityTagOf(target) };
      const answers = await race(10, (api, n) => api.put(target, { name: `writer ${n}` }, { headers }));
      expect(statusesOf(answers)).toEqual({ 200: 1, 412: 9 });
      const winner = answers.findIndex(({ status }) => status === 200);
      expect((await service.api.get(target)).json).toMatchObject({ version: 3, name: `writer ${winner}` });
    }
  });

  it('[F22] ten PUTs of the item as it was read: one 200, nine 409', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const target = await twice(`race-read-${round}`);
      const read = (await service.api.get(target)).expect(200).json;
      const answers = await race(10, (api, n) => api.put(target, { ...read, name: `writer ${n}` }));
      expect(statusesOf(answers)).toEqual({ 200: 1, 409: 9 });
      const winner = answers.findIndex(({ status }) => status === 200);
      expect((await service.api.get(target)).json).toMatchObject({ version: 3, name: `writer ${winner}` });
    }
  });

  it('[F16] ten PUTs that create only: one 201, nine 412', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const headers = { 'if-none-match': '*' };
      const target = `/items/race-create-${round}`;
      const answers = await race(10, (api, n) => api.put(target, { name: `writer ${n}` }, { headers }));
      expect(statusesOf(answers)).toEqual({ 201: 1, 412: 9 });
    }
  });

  it(`${WRITERS} writers that expect one version: one 200, and 412 for all others`, async () => {
    const target = await twice('race-200');
    const headers = { 'if-match': await entityTagOf(target) };
    const answers = await race(WRITERS, (api, n) => api.put(target, { name: `writer ${n}` }, { headers }));
    expect(statusesOf(answers)).toEqual({ 200: 1, 412: WRITERS - 1 });
  });

  it('ten DELETEs that expect one version: one 204, nine 404', async () => {
    const target = await twice('race-delete');
    const headers = { 'if-match': await entityTagOf(target) };
    const answers = await race(10, (api) => api.delete(target, { headers }));
    expect(statusesOf(answers)).toEqual({ 204: 1, 404: 9 });
  });

  it(`${ADDING} clients that read, add one and retry until the condition holds lose no update`, async () => {
    (await service.api.put('/items/counter', { name: 'x', attributes: { n: 0 } })).expect(201);
    await race(ADDING, async (api) => {
      for (;;) {
        const read = (await api.get('/items/counter')).expect(200);
        const attributes = { n: read.json.attributes.n + 1 };
        const headers = { 'if-match': read.headers.etag ?? '' };
        const answer = await api.put('/items/counter', { name: 'x', attributes }, { headers });
        if (answer.status !== 412) return answer.expect(200);
      }
    });
    expect((await service.api.get('/items/counter')).json).toMatchObject({
      attributes: { n: ADDING },
      version: ADDING + 1,
    });
  });
});
