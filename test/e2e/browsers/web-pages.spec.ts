import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { bearer, KEYS } from '../../support/access/known-keys.js';
import { launchBrowser, REBOUND_HOST } from '../../support/browser/browser.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

/** What a page passes to fetch(). */
interface Sent {
  method?: string;
  mode?: 'no-cors';
  credentials?: 'include';
  headers?: Record<string, string | undefined>;
  body?: string;
}

/** What fetch() gave to a page. An answer that the browser keeps from it has the type `blocked`. */
interface Fetched {
  type: string;
  status: number;
  fields: Record<string, string>;
  text: string;
}

const BLOCKED: Fetched = { type: 'blocked', status: 0, fields: {}, text: 'TypeError: Failed to fetch' };

let elsewhere: Server;
let service: TestApp;
let browser: Browser;
// One page for all: this Chromium is a single process, which ends when its first page is closed.
let page: Page;
/** Two origins of the same server: the first one is in CORS_ORIGINS. */
let listed: string;
let unlisted: string;

beforeAll(async () => {
  elsewhere = createServer((_, answer) =>
    answer.setHeader('content-type', 'text/html').end('<!doctype html><title>x</title>'),
  );
  await once(elsewhere.listen(0, '127.0.0.1'), 'listening');
  const { port } = elsewhere.address() as AddressInfo;
  [listed, unlisted] = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
  // With a credential every request would have a preflight, and these would not reach what they are about.
  [service, browser] = await Promise.all([startTestApp({ auth: 'off', corsOrigins: [listed] }), launchBrowser()]);
  page = await browser.newPage();
}, 120_000);
beforeEach(async () => {
  await service.api.put('/items/kept', { name: 'Kept' });
});
afterAll(async () => {
  await browser?.close();
  await service?.close();
  elsewhere?.close();
});

/** Calls fetch() in the page. */
const fetchInPage = (url: string, init: Sent = {}) =>
  page.evaluate(
    // Runs in the browser.
    async ([target, options]: [string, Sent]): Promise<Fetched> => {
      try {
        const answer = await fetch(target, options as RequestInit);
        const { type, status, headers } = answer;
        return { type, status, fields: Object.fromEntries(headers), text: await answer.text() };
      } catch (error) {
        return { type: 'blocked', status: 0, fields: {}, text: String(error) };
      }
    },
    [url, init] as [string, Sent],
  );
const send = (method: string, path: string, more: Sent['headers'] = {}, body?: object) =>
  fetchInPage(`${service.api.url}${path}`, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...more },
    body: body && JSON.stringify(body),
  });
const nameOfKept = async () => (await service.api.get('/items/kept')).expect(200).json.name;

describe('a page of an origin in CORS_ORIGINS', () => {
  beforeAll(async () => {
    await page.goto(listed);
  });

  it('[L21] reads an item, its tag and the id of the request', async () => {
    const read = await send('GET', '/items/kept', { 'x-request-id': 'of-the-page' });
    expect(read).toMatchObject({ type: 'cors', status: 200, fields: { 'x-request-id': 'of-the-page' } });
    expect(JSON.parse(read.text).name).toBe('Kept');
    expect(read.fields.etag).toBe(await service.api.entityTagOf('/items/kept'));
  });

  it('[L21] reads problems', async () => {
    const absent = await send('GET', '/items/absent');
    expect([absent.status, JSON.parse(absent.text).code]).toEqual([404, 'item-not-found']);
    const nowhere = await send('GET', '/nowhere');
    expect([nowhere.status, JSON.parse(nowhere.text).code]).toEqual([404, 'route-not-found']);
  });

  it('[L11] creates, changes and deletes, with conditions and a key', async () => {
    const made = await send('POST', '/items', { 'idempotency-key': 'one' }, { id: 'made', name: 'Made' });
    expect(made).toMatchObject({ status: 201, fields: { location: '/items/made', etag: expect.any(String) } });
    const tag = { 'if-match': made.fields.etag };
    const again = await send('POST', '/items', { 'idempotency-key': 'one' }, { id: 'made', name: 'Made' });
    expect(again.fields['idempotency-replayed']).toBe('true');
    const patch = { ...tag, 'content-type': 'application/merge-patch+json', prefer: 'return=minimal' };
    const patched = await send('PATCH', '/items/made', patch, { name: 'New' });
    expect(patched).toMatchObject({ status: 204, fields: { 'preference-applied': 'return=minimal' } });
    expect((await send('DELETE', '/items/made', tag)).status).toBe(412);
    expect((await send('DELETE', '/items/made', { 'if-match': patched.fields.etag })).status).toBe(204);
  });

  it('sends a key in Authorization, and reads why it is refused without one', async () => {
    const closed = await startTestApp({ auth: 'required', corsOrigins: [listed] });
    const read = (headers: Sent['headers']) => fetchInPage(`${closed.api.url}/items`, { headers });
    const refused = await read({});
    expect(refused).toMatchObject({ status: 401, fields: { 'www-authenticate': expect.stringMatching(/^Bearer/) } });
    expect(JSON.parse(refused.text).code).toBe('unauthenticated');
    expect(await read({ authorization: bearer(KEYS.reader) })).toMatchObject({ type: 'cors', status: 200 });
    await closed.close();
  });

  it('[L11] does not send a method that the resource does not offer', async () => {
    expect(await send('DELETE', '/items')).toEqual(BLOCKED);
  });

  it('gets nothing with cookies, which the service does not take', async () => {
    expect(await fetchInPage(`${service.api.url}/items/kept`, { credentials: 'include' })).toEqual(BLOCKED);
  });
});

describe('a page of any other origin', () => {
  beforeAll(async () => {
    await page.goto(unlisted);
  });

  it('[L21] reads nothing', async () => {
    expect(await send('GET', '/items/kept')).toEqual(BLOCKED);
    expect(await send('GET', '/nowhere')).toEqual(BLOCKED);
  });

  it('[L11] changes nothing', async () => {
    expect(await send('PUT', '/items/kept', {}, { name: 'Changed' })).toEqual(BLOCKED);
    expect(await send('DELETE', '/items/kept')).toEqual(BLOCKED);
    expect(await nameOfKept()).toBe('Kept');
  });

  it('changes nothing by what needs no preflight: forms and beacons', async () => {
    const text = '{"id":"forged","name":"Forged"}';
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const init: Sent = { method: 'POST', mode: 'no-cors', body: text, headers: { 'content-type': type } };
      expect(await fetchInPage(`${service.api.url}/items`, init)).toMatchObject({ type: 'opaque' });
    }
    (await service.api.get('/items/forged')).expect(404, 'item-not-found');
  });

  it('[L23] shows no page of the service in a frame', async () => {
    for (const path of ['/docs', '/problems']) {
      await page.setContent(`<iframe src="${service.api.url}${path}"></iframe>`, { waitUntil: 'load' });
      const [, frame] = page.frames();
      expect(await frame?.locator('body').innerText()).not.toMatch(/Items|problem/i);
      expect(frame?.url()).toMatch(/^chrome-error:/);
    }
  });
});

describe('a page whose name leads to this machine', () => {
  it('[L10] gets 421 for everything, although the browser takes it for the same origin', async () => {
    const url = `http://${REBOUND_HOST}:${new URL(service.api.url).port}`;
    expect((await page.goto(url))?.status()).toBe(421);
    for (const [method, path] of [
      ['GET', '/items/kept'],
      ['DELETE', '/items/kept'],
      ['GET', '/docs'],
    ] as const) {
      const answer = await fetchInPage(path, { method });
      expect(answer).toMatchObject({ type: 'basic', status: 421 });
      expect(JSON.parse(answer.text).code).toBe('misdirected-request');
    }
    expect(await nameOfKept()).toBe('Kept');
  });
});
