import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { describeOnFile, migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { dropIndexes, makeIndexes } from '../../support/database/indexes.js';
import { untilErasedContentIsGone } from '../../support/database/erased-content.js';
import { storedBytes } from '../../support/database/stored-bytes.js';
import { SEED, seededRandom } from '../../support/random.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

/** Of each item of the random histories. */
const CHANGES = sized(40, 200);

let database: TestDatabase;
let service: TestApp;
beforeEach(async () => {
  database = await migratedDatabase();
  service = await startTestApp({ database: database.config });
});
afterEach(async () => {
  await service.close();
  await database.drop();
});

const gone = () => untilErasedContentIsGone(database.config);
/** Waits for a line of the log. */
const said = async (line: object): Promise<void> => {
  const isSaid = () => service.log.some((one) => Object.entries(line).every(([name, value]) => one[name] === value));
  while (!isSaid()) await delay(5);
};
const under = (key: string, name = 'idempotency-key') => ({ headers: { [name]: key } });

/** Those of some words that the database keeps, in any case: words of the full-text index are in lower case. */
async function keptOf(words: string[]): Promise<string[]> {
  const stored = (await storedBytes(database.config)).toString('latin1').toLowerCase();
  return words.filter((word) => stored.includes(word.toLowerCase()));
}

/** Creates an item with these words in every member, changes it in every way, and deletes it. */
async function writeAndDelete(id: string, [name, text, tag, large, patched]: string[]): Promise<void> {
  const content = {
    name,
    description: `a ${text} b`,
    tags: [tag],
    attributes: { [name!]: text, large: large!.repeat(1_200) },
  };
  (await service.api.post('/items', { id, ...content }, under(`${id}-1`))).expect(201);
  (await service.api.patch(`/items/${id}`, { description: patched }, under(`${id}-2`))).expect(200);
  (
    await service.api.put(`/items/${id}`, { name: `${patched} ${name}`, tags: [patched] }, under(text!, 'x-request-id'))
  ).expect(200);
  (await service.api.post(`/items/${id}/restore`, { version: 1 }, under(`${id}-3`))).expect(200);
  (await service.api.delete(`/items/${id}`)).expect(204);
}

const WORDS = ['Zqxname', 'wkvtext', 'yxjtag', 'qvwlarge', 'xkzpatched'];

describe('what was erased', () => {
  it('[I79] is in no table, no index, and on no page of the disk; what was not erased is', async () => {
    const others = ['Hjaname', 'fgptext', 'bxmtag', 'plklarge', 'dfgpatched'];
    await writeAndDelete('a', WORDS);
    await writeAndDelete('b', others);
    (await service.api.put('/items/c', { name: others[0], tags: [others[2]] })).expect(201);
    expect(await keptOf(WORDS)).toEqual(WORDS);
    (await service.api.call('DELETE', '/items/a/versions', under('erase-a', 'x-request-id'))).expect(204);
    await gone();
    expect(await keptOf(WORDS)).toEqual([]);
    expect(await keptOf([...others, 'erase-a'])).toEqual([...others, 'erase-a']);
    expect((await service.api.get(`/items?q=${others[0]}`)).expect(200).json.items).toHaveLength(1);
    const records = await queryDirectly(
      database.config,
      `SELECT fingerprint FROM idempotency_keys WHERE item_id = 'a'`,
    );
    expect(records.map(({ fingerprint }) => fingerprint)).toEqual(['', '', '']);
  });

  it(`[I79] so it is after random histories (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const below = (n: number) => Math.floor(random() * n);
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const lives = new Map(ids.map((id) => [id, 0]));
    const wordOf = (id: string) => `qz${id}${lives.get(id)}w`;
    const erased: string[] = [];
    const change = async (id: string): Promise<unknown> => {
      const word = `${wordOf(id)}${below(1_000).toString(36)}`;
      const content = {
        name: word,
        tags: [word],
        description: `${word} `.repeat(below(50)),
        attributes: { word: word.repeat(below(400)) },
      };
      const options = random() < 0.5 ? under(`k-${below(1e9)}`) : {};
      switch (below(6)) {
        case 0:
          return service.api.post('/items', { id, ...content }, options);
        case 1:
          return service.api.put(`/items/${id}`, content, options);
        case 2:
          return service.api.patch(`/items/${id}`, { attributes: content.attributes }, options);
        case 3:
          return service.api.post(`/items/${id}/restore`, { version: 1 + below(9) }, options);
        case 4:
          return service.api.delete(`/items/${id}`, options);
        default: {
          const { status } = await service.api.call('DELETE', `/items/${id}/versions`, options);
          if (status === 204) {
            erased.push(wordOf(id));
            lives.set(id, lives.get(id)! + 1);
          }
        }
      }
    };
    // One id at a time, so that the words tell what was written before and after its erasure.
    const run = async (id: string) => {
      for (let n = 0; n < CHANGES; n += 1) await change(id);
      await service.api.delete(`/items/${id}`);
      (await service.api.call('DELETE', `/items/${id}/versions`)).expect(204);
      erased.push(wordOf(id));
    };
    await Promise.all(ids.slice(1).map(run));
    (await service.api.put('/items/a', { name: wordOf('a') })).expect(201);
    await gone();
    expect(await keptOf(erased)).toEqual([]);
    expect(await keptOf([wordOf('a')])).toEqual([wordOf('a')]);
  });
});

describe('the words of older items, collected after an erasure', () => {
  it('are those that are left', async () => {
    await writeAndDelete('a', WORDS);
    (await service.api.put('/items/b', { name: 'Hjaname' })).expect(201);
    (await service.api.call('DELETE', '/items/a/versions')).expect(204);
    await gone();
    await service.close();
    await queryDirectly(database.config, `INSERT INTO search_filling (filled_to) VALUES ('')`);
    service = await startTestApp({ database: database.config });
    for (const word of WORDS) {
      expect((await service.api.get(`/items?deleted=true&q=${word}`)).expect(200).json.items).toEqual([]);
    }
    expect((await service.api.get('/items?q=hjaname')).expect(200).json.items).toHaveLength(1);
    expect(await keptOf(WORDS)).toEqual([]);
  });
});

describeOnFile('a file that can be rewritten', () => {
  it('what was deleted in it without being overwritten is gone after the next erasure, and the log says so', async () => {
    const rows = `SELECT '${WORDS.join(' ')}' AS text`;
    for (const statement of [`CREATE TABLE kept AS ${rows}`, 'UPDATE kept SET text = 1', 'DROP TABLE kept']) {
      await queryDirectly(database.config, statement);
    }
    expect(await keptOf(WORDS)).toEqual(WORDS);
    for (const id of ['a', 'b']) (await service.api.put(`/items/${id}`, { name: 'x' })).expect(201);
    (await service.api.delete('/items/a')).expect(204);
    (await service.api.call('DELETE', '/items/a/versions')).expect(204);
    await said({ level: 'info', erasures: 1, msg: 'Erased content is gone from the database file' });
    expect(await keptOf(WORDS)).toEqual([]);
    (await service.api.get('/items/b')).expect(200);
  });
});

describeOnFile('a file that is too large to be rewritten', () => {
  it('what was erased is overwritten in it, and the log says what may be left', async () => {
    await queryDirectly(database.config, 'CREATE TABLE filling AS SELECT zeroblob(68000000) AS zeros');
    await makeIndexes(service, [[WORDS[0]!]]);
    await writeAndDelete('a', WORDS);
    await dropIndexes(service);
    (await service.api.call('DELETE', '/items/a/versions')).expect(204);
    await said({ level: 'warn', erasures: 1 });
    expect(await keptOf(WORDS)).toEqual([]);
  });
});
