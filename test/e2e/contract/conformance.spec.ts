import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namedTag, Player, SHARED } from '../../conformance/play.js';
import { EXISTING, type Row } from '../../conformance/row.js';
import { ROWS } from '../../conformance/rows.js';
import { proves } from '../../support/proof.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

// For the reporter, which compares the rows with the tests that passed.
if (process.env.ANSWERS_FOLDER) {
  const rows = ROWS.map((row) => {
    const { number, request, answer, section, engine } = row;
    return { number, request, answer, section, engine, ...('provenBy' in row && { provenBy: row.provenBy }) };
  });
  writeFileSync(join(process.env.ANSWERS_FOLDER, 'rows.json'), JSON.stringify(rows));
}

describe('the rows of the conformance list', () => {
  it('each has exchanges, or names files that have its number', () => {
    const isProven = (row: Row) =>
      'exchanges' in row
        ? row.exchanges.length > 0
        : row.provenBy
            .split(', ')
            .every((file) => new RegExp(String.raw`\b${row.number}\b`).test(readFileSync(file, 'utf8')));
    expect(ROWS.filter((row) => !isProven(row)).map(({ number }) => number)).toEqual([]);
  });

  it('no two have the same number', () => {
    const numbers = ROWS.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

const PLAYED = ROWS.flatMap((row) => ('exchanges' in row ? [row] : []));

describe('conformance', () => {
  let service: TestApp;
  let player: Player;
  /** The tag that each of the items was created with, by id. */
  const tags = new Map<string, string>();
  const existing = ({ number }: Row) => `existing-${number}`;
  beforeAll(async () => {
    service = await startTestApp({ allowedHosts: ['127.0.0.1', 'elsewhere.localhost'] });
    player = new Player(service.api);
    const ids = [...PLAYED.map(existing), SHARED.E];
    const operations = ids.map((id) => ({ method: 'POST', body: { id, ...EXISTING } }));
    const { results } = (await service.api.post('/batch', { atomic: true, operations })).expect(200).json;
    for (const [at, id] of ids.entries()) tags.set(id, results[at].headers.ETag);
  });
  afterAll(() => service?.close());

  for (const row of PLAYED) {
    it(`[${row.number}] ${row.request}: ${row.answer}`, async () => {
      const id = existing(row);
      const names = { E: id, X: `unused-${row.number}`, ...namedTag(tags.get(id)) };
      for (const exchange of row.exchanges) {
        Object.assign(names, namedTag((await player.play(exchange, names)).headers.etag));
      }
    });
  }
});

// Rows of the conformance list that a sequence of exchanges can't prove.
describe('conformance, by code', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  it('[I4] a walk over all pages gives every item that stayed exactly once, while others are created and deleted', async () => {
    const put = async (id: string) => (await service.api.put(`/items/${id}`, { name: 'x' })).expect(201);
    const numbers = Array.from({ length: 30 }, (_, n) => String(n).padStart(2, '0'));
    const staying = numbers.map((n) => `${n}-stays`);
    await Promise.all([...staying, ...numbers.map((n) => `${n}-goes`)].map(put));

    const seen: string[] = [];
    let next = '';
    for (const n of numbers) {
      const page = (await service.api.get(`/items?limit=5${next}`)).expect(200).json;
      seen.push(...page.items.map(({ id }: { id: string }) => id));
      if (page.next === null) break;
      next = `&cursor=${page.next}`;
      // The item of the cursor may be among those that are deleted.
      (await service.api.delete(`/items/${n}-goes`)).expect(204);
      (await service.api.delete(`/items/${numbers.at(-1 - Number(n))}-goes`)).expect(204);
      await Promise.all([put(`${n}-new`), put(`${numbers.at(-1 - Number(n))}-newer`)]);
    }
    expect(next).not.toBe('');
    expect(seen.filter((id) => id.endsWith('-stays'))).toEqual(staying);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('[K8] the names of the members of every problem have three or more letters, digits or underscores', async () => {
    (await service.api.put('/items/k8', { name: 'x' })).expect(201);
    (await service.api.delete('/items/k8')).expect(204);
    const deleted = (await service.api.get('/items/k8')).expect(404, 'item-not-found').json;
    const document = (await service.api.get('/openapi.json')).expect(200).text;
    const problems: object[] = [deleted];
    JSON.parse(document, (name, value) => {
      if (name === 'value' && typeof value === 'object' && 'requestId' in value) problems.push(value);
      return value;
    });
    expect(problems.length).toBeGreaterThan(20);
    for (const name of problems.flatMap(Object.keys)) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]{2,}$/);
  });
});

describe('conformance under PUBLIC_URL', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp({ publicUrl: 'https://items.example/api' });
  });
  afterAll(() => service?.close());

  it('[I2] [K3] references and problem types are absolute', async () => {
    for (const id of ['a', 'b']) (await service.api.put(`/items/${id}`, { name: 'x' })).expect(201);
    const page = (await service.api.get('/items?limit=1')).expect(200);
    proves('I2');
    expect(page.headers.link).toBe(
      `<https://items.example/api/items?limit=1&cursor=${page.json.next}>; rel="next", ` +
        '<https://items.example/api/items?limit=1>; rel="first"',
    );
    proves('K3');
    const absent = (await service.api.get('/items/c')).expect(404, 'item-not-found');
    expect(absent.json.type).toBe('https://items.example/api/problems/item-not-found');
  });
});

// Rows of the conformance list about messages that node:http does not send.
describe('conformance, on the socket', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
  });
  afterAll(() => service?.close());

  const expectOne = async (message: string, status: number, code: string) => {
    const [answer] = await sendRaw(service.api.url, 1, message);
    expect(answer.expect(status, code).headers.connection).toBe('close');
  };

  it.each([
    ['without Host', ''],
    ['with two Hosts', 'Host: localhost\r\nHost: localhost\r\n'],
    ['with a Host that is not a host', 'Host: not a host\r\n'],
    ['with a Host that has a path', 'Host: a/b\r\n'],
  ])('[B1] 400 to HTTP/1.1 %s', async (_name, fields) => {
    await expectOne(`GET /items HTTP/1.1\r\n${fields}Connection: close\r\n\r\n`, 400, 'malformed-request');
  });

  it.each(['get', 'Get', 'post'])('[B6] 501 to the method %s', async (method) => {
    await expectOne(`${method} /items HTTP/1.1\r\nHost: localhost\r\n\r\n`, 501, 'method-not-implemented');
  });

  const SMUGGLED = 'DELETE /items/kept HTTP/1.1\r\nHost: localhost\r\n\r\n';
  it.each([
    ['POST /items', 'Content-Type: text/plain', 415, 'unsupported-media-type'],
    ['POST /nowhere', 'Content-Type: application/json', 404, 'route-not-found'],
    ['DELETE /items/kept', 'Content-Type: application/json', 400, 'unexpected-content'],
    ['POST /items?nope=1', 'Content-Type: application/json', 400, 'invalid-query'],
  ])('[B13] [B33] refused %s with Expect: 100-continue and %s', async (line, field, status, code) => {
    const head = `${line} HTTP/1.1\r\nHost: localhost\r\n${field}\r\nExpect: 100-continue\r\nContent-Length: ${SMUGGLED.length}`;
    // Whether or not the client still sends its body: one final answer, no 100, and nothing is read as a request.
    proves('B13');
    await expectOne(`${head}\r\n\r\n`, status, code);
    proves('B33');
    await expectOne(`${head}\r\n\r\n${SMUGGLED}`, status, code);
    (await service.api.get('/items/kept')).expect(200);
  });
});
