import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proves } from '../../support/proof.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const PUBLIC_URL = 'https://items.test/api';

describe('with PUBLIC_URL', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp({ publicUrl: PUBLIC_URL });
    for (const id of ['a', 'b']) (await service.api.post('/items', { id, name: 'x' })).expect(201);
  });
  afterAll(() => service?.close());

  it('[E1] [E3] Location and Content-Location of POST are absolute', async () => {
    const { headers } = (await service.api.post('/items', { id: 'c:1', name: 'x' })).expect(201);
    proves('E1');
    expect(headers.location).toBe(`${PUBLIC_URL}/items/c%3A1`);
    proves('E3');
    expect(headers['content-location']).toBe(`${PUBLIC_URL}/items/c%3A1`);
    (await service.api.delete('/items/c:1')).expect(204);
  });

  it('[F6] Content-Location of PUT is absolute', async () => {
    const { headers } = (await service.api.put('/items/a', { name: 'y' })).expect(200);
    expect(headers['content-location']).toBe(`${PUBLIC_URL}/items/a`);
  });

  it('[E4] the URL of the item that has the id is absolute', async () => {
    const refused = (await service.api.post('/items', { id: 'a', name: 'x' })).expect(409, 'item-exists');
    expect(refused.json.itemUrl).toBe(`${PUBLIC_URL}/items/a`);
  });

  it('[I2] Link is absolute', async () => {
    const page = (await service.api.get('/items?limit=1')).expect(200);
    expect(page.headers.link).toBe(
      `<${PUBLIC_URL}/items?limit=1&cursor=${page.json.next}>; rel="next", <${PUBLIC_URL}/items?limit=1>; rel="first"`,
    );
  });

  it('the links of the index are absolute', async () => {
    const links = Object.values<string>((await service.api.get('/')).expect(200).json.links);
    expect(links).toContain(`${PUBLIC_URL}/items`);
    for (const link of links) expect(link.startsWith(`${PUBLIC_URL}/`)).toBe(true);
  });

  it.each([
    ['GET', '/items/absent', 404, 'item-not-found'],
    ['GET', '/nothing', 404, 'route-not-found'],
    ['PATCH', '/items', 405, 'method-not-allowed'],
    ['GET', '/items/%20', 400, 'invalid-path'],
    ['POST', '/items', 400, 'invalid-body'],
  ])('[K3] the type of the problem of %s %s is absolute', async (method, target, status, code) => {
    const { json } = (await service.api.call(method, target)).expect(status, code);
    expect(json.type).toBe(`${PUBLIC_URL}/problems/${code}`);
  });

  it('[K3] the type is absolute if the parser refuses the message', async () => {
    const [answer] = await sendRaw(service.api.url, 1, 'nonsense\r\n\r\n');
    expect(answer.expect(400, 'malformed-request').json.type).toBe(`${PUBLIC_URL}/problems/malformed-request`);
  });

  it('[K3] the pages of the problems link to absolute URLs', async () => {
    const { type } = (await service.api.get('/problems/item-exists')).expect(200).json;
    expect(type).toBe(`${PUBLIC_URL}/problems/item-exists`);
    const page = (await service.api.get('/status-codes', { headers: { accept: 'text/html' } })).expect(200);
    const links = [...page.text.matchAll(/href="([^"]+)"/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !link.startsWith(`${PUBLIC_URL}/`))).toEqual([]);
    expect(links).toContain(type);
  });

  it('nothing is built from Host or a proxy’s fields', async () => {
    const headers = { host: 'evil.localhost', 'x-forwarded-host': 'evil.test', forwarded: 'host=evil.test' };
    for (const target of ['/', '/items', '/items/absent']) {
      const answer = await service.api.get(target, { headers });
      expect(JSON.stringify(answer.headers) + answer.text).not.toContain('evil');
    }
  });
});
