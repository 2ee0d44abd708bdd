import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';

// Rows of the conformance list that a sequence of exchanges can't prove.
describe('conformance, by code', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service.close());

  it('[I4] a walk over all pages gives every item that stayed exactly once, while others come and go', async () => {
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
      // The item that the cursor stands on may be among those that go.
      (await service.api.delete(`/items/${n}-goes`)).expect(204);
      (await service.api.delete(`/items/${numbers.at(-1 - Number(n))}-goes`)).expect(204);
      await Promise.all([put(`${n}-new`), put(`${numbers.at(-1 - Number(n))}-newer`)]);
    }
    expect(next).not.toBe('');
    expect(seen.filter((id) => id.endsWith('-stays'))).toEqual(staying);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('[K8] the members of every problem are named by three or more letters, digits or underscores', async () => {
    (await service.api.put('/items/k8', { name: 'x' })).expect(201);
    (await service.api.delete('/items/k8')).expect(204);
    const deleted = (await service.api.get('/items/k8')).expect(404, 'item-not-found').json;
    const document = (await service.api.get('/openapi.json')).expect(200).text;
    const problems: object[] = [deleted];
    JSON.parse(document, (name, value) => {
      if (name === 'value' && 'requestId' in value) problems.push(value);
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
  afterAll(() => service.close());

  it('[I2] [K3] references and problem types are absolute', async () => {
    for (const id of ['a', 'b']) (await service.api.put(`/items/${id}`, { name: 'x' })).expect(201);
    const page = (await service.api.get('/items?limit=1')).expect(200);
    expect(page.headers.link).toBe(
      `<https://items.example/api/items?limit=1&cursor=${page.json.next}>; rel="next", ` +
        '<https://items.example/api/items?limit=1>; rel="first"',
    );
    const absent = (await service.api.get('/items/c')).expect(404, 'item-not-found');
    expect(absent.json.type).toBe('https://items.example/api/problems/item-not-found');
  });
});
