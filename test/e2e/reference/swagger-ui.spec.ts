import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { bodiesOf, type Operation } from '../../../src/contract/operation.js';
import { rehearsalsOf } from '../../../src/http/rehearsal/rehearse-field.js';
import { OPERATIONS } from '../../../src/operations.js';
import { KEYS } from '../../support/access/known-keys.js';
import { launchBrowser } from '../../support/browser/browser.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

// OpenAPI 3.1 can't name QUERY, so Swagger UI shows none.
const REQUESTS = OPERATIONS.filter(({ method }) => method !== 'QUERY').flatMap((operation) => {
  const types = bodiesOf(operation).map(([type]) => type);
  return (types.length > 0 ? types : ['']).map((type): [string, string, Operation] => [operation.id, type, operation]);
});

let service: TestApp;
let browser: Browser;
// One page for all: this Chromium is a single process, which ends when its first page is closed.
let page: Page;
/** What the browser said about the page. */
const complaints: string[] = [];
let complaintsAtLoad: string[];
beforeAll(async () => {
  // The document names another origin than the page has.
  [service, browser] = await Promise.all([
    startTestApp({ auth: 'off', publicUrl: 'https://items.test/api' }),
    launchBrowser(),
  ]);
  page = await browser.newPage({ reducedMotion: 'reduce' });
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${service.api.url}/docs`);
  await page.locator('.opblock').first().waitFor();
  complaintsAtLoad = complaints.splice(0);
}, 120_000);
beforeEach(() => void complaints.splice(0));
afterAll(async () => {
  await browser.close();
  await service.close();
});

describe('Swagger UI at /docs, under a PUBLIC_URL of another origin', () => {
  it('[L23] loads under its strict policy', () => {
    expect(complaintsAtLoad).toEqual([]);
  });

  it.each(REQUESTS)(
    'Try it out of %s %s succeeds with the example that is filled in',
    async (_, mediaType, operation) => {
      const block = await openToTry(operation, byScript);
      if (mediaType !== '') await block.locator('.body-param-content-type select').selectOption(mediaType);
      const { status, query } = await execute(block, byScript);
      expect(status).toMatch(/^2\d\d$/);
      // Of what may be left out only defaults are filled in, no examples.
      expect(query).not.toMatch(/[?&](cursor|after|at|filter|fields|ids|q)=/);
      await byScript(block.locator('.opblock-summary-control'));
      expect(complaints).toEqual([]);
    },
    60_000,
  );

  it('createItem opens with the body; fields, refusals in words and refusing answers are folded', async () => {
    const block = await openToTry(operationOf('createItem'));
    const order = await block.evaluate((root) => {
      const at = (selector: string) =>
        (root as { querySelector(selector: string): { getBoundingClientRect(): { top: number } } | null })
          .querySelector(selector)
          ?.getBoundingClientRect().top ?? -1;
      return [at('.body-param'), at('.part-more'), at('.responses-table')];
    });
    expect(order[0]).toBeGreaterThan(0);
    expect(await block.locator('details.folded > summary').allInnerTexts()).toEqual([
      expect.stringMatching(/^Refused/),
      'Conditions and other fields',
      expect.stringMatching(/^Refusals and faults: 400, /),
    ]);
    const field = block.locator('tr[data-param-name="If-Match"]');
    expect(await field.count()).toBe(0);
    await block.getByText('Conditions and other fields').click();
    await field.waitFor();
    await block.locator('.opblock-summary-control').click();
  }, 60_000);

  it('rehearses the 507 that was chosen, out of all that createItem declares', async () => {
    const operation = operationOf('createItem');
    const block = await openToTry(operation);
    await block.getByText('Conditions and other fields').click();
    const choice = block.locator('tr[data-param-name="Rehearse"] select');
    await choice.waitFor();
    const values = await choice
      .locator('option')
      .evaluateAll((options) => options.map((option) => (option as { value: string }).value));
    expect(values).toEqual(['', ...rehearsalsOf(operation)]);
    await choice.selectOption('507; problem="storage-full"');
    await executeUntil(block, '507');
  }, 60_000);

  it('leads to the problem types and the status codes', async () => {
    const links = page.locator('.info a');
    const targets = await links.evaluateAll((found) => found.map((link) => (link as { href: string }).href));
    expect(targets).toEqual(expect.arrayContaining([`${service.api.url}/problems`, `${service.api.url}/status-codes`]));
  });
});

describe('Swagger UI at /docs, with AUTH=required', () => {
  let guarded: TestApp;
  beforeAll(async () => {
    guarded = await startTestApp({ auth: 'required' });
    (await guarded.api.put('/items/1', { name: 'x' })).expect(201);
    await page.goto(`${guarded.api.url}/docs`);
  }, 60_000);
  afterAll(() => guarded?.close());

  it('Try it out shows 401; after Authorize with a key 200, and 403 for what the key may not do; after Logout 401', async () => {
    const read = await openToTry(operationOf('getItem'));
    await executeUntil(read, '401');
    await authorize('apiKey', KEYS.reader.text);
    await executeUntil(read, '200');
    const write = await openToTry(operationOf('deleteItem'));
    await executeUntil(write, '403');
    await logOut('apiKey');
    await executeUntil(read, '401');
    expect(complaints.filter((one) => !/status of 40[13]/.test(one))).toEqual([]);
    (await guarded.api.get('/items/1')).expect(200);
  }, 60_000);
});

describe('Swagger UI at /docs, with a schema that contains itself', () => {
  const SELF = '#/components/schemas/Item';
  beforeAll(async () => {
    const { json } = (await service.api.get('/openapi.json')).expect(200);
    Object.assign(json.components.schemas.Item.properties, {
      parent: { $ref: SELF, description: 'The item around this one' },
      code: { type: 'string', pattern: '^[a-z]{40}$' },
    });
    await page.route('**/openapi.json', (route) => route.fulfill({ json }));
    await page.goto(`${service.api.url}/docs`);
  }, 60_000);
  afterAll(() => page.unroute('**/openapi.json'));

  it('shows what a reference leads to and what stands beside it, the reference where it leads back, and no random example', async () => {
    const block = await openToTry(operationOf('getItem'));
    const answer = block.locator('.responses-table').first();
    expect(JSON.parse(await answer.locator('.example').first().innerText())).toMatchObject({ code: 'string' });
    await answer.locator('button[data-name="model"]').first().click();
    const schema = answer.locator('.model-example').first();
    // The one of the alternatives: the whole is open.
    await schema.locator('.json-schema-2020-12-expand-deep-button').nth(1).click();
    await schema.getByText(SELF, { exact: true }).first().waitFor();
    const text = await schema.innerText();
    expect(text).toContain('The item around this one');
    expect(text).toContain('matches ^[a-z]{40}$');
    expect(complaints).toEqual([]);
  }, 60_000);
});

function operationOf(id: string): Operation {
  return OPERATIONS.find((operation) => operation.id === id) as Operation;
}

const byMouse = (button: Locator) => button.click();
/** Without the way of the mouse there: it makes the browser draw several hundred pictures. */
const byScript = (button: Locator) => button.dispatchEvent('click');

/** Gives Swagger UI a credential of one kind. */
async function authorize(scheme: string, credential: string): Promise<void> {
  const entry = await openAuthorization(scheme);
  await entry.locator('input').fill(credential);
  await entry.getByRole('button', { name: 'Apply credentials' }).click();
  await entry.getByRole('button', { name: 'Remove authorization' }).waitFor();
  await page.getByRole('button', { name: 'Close' }).first().click();
}

/** Takes it back. */
async function logOut(scheme: string): Promise<void> {
  const entry = await openAuthorization(scheme);
  await entry.getByRole('button', { name: 'Remove authorization' }).click();
  await page.getByRole('button', { name: 'Close' }).first().click();
}

async function openAuthorization(scheme: string): Promise<Locator> {
  await page.locator('.auth-wrapper .btn.authorize').first().click();
  return page.locator('.auth-container', { hasText: scheme });
}

/** Opens an operation for input. */
async function openToTry({ tag, id }: Operation, click = byMouse): Promise<Locator> {
  const block = page.locator(`#operations-${tag}-${id}`);
  await click(block.locator('.opblock-summary-control'));
  await block.getByRole('button', { name: /Try it out|Cancel/ }).waitFor();
  const button = block.getByRole('button', { name: 'Try it out' });
  if ((await button.count()) > 0) await click(button);
  return block;
}

/** Executes an open operation that may show an earlier answer, and waits until the page shows this status. */
async function executeUntil(block: Locator, status: string): Promise<void> {
  await execute(block);
  await block.locator('.live-responses-table tbody .response-col_status', { hasText: status }).first().waitFor();
  expect(await block.locator('.live-responses-table tbody .response-col_status').first().innerText()).toContain(status);
}

/** Executes an open operation, and returns the query that it sent and the status that the page shows. */
async function execute(block: Locator, click = byMouse): Promise<{ status: string; query: string }> {
  const answered = page.waitForResponse((response) => response.request().resourceType() === 'fetch');
  await click(block.getByRole('button', { name: 'Execute' }));
  const query = new URL((await answered).url()).search;
  const status = block.locator('.live-responses-table tbody .response-col_status').first();
  return { status: (await status.innerText()).trim(), query };
}
