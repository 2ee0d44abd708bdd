import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { documentedPath } from '../../src/http/contract/operation.js';
import { OPERATIONS } from '../../src/operations.js';
import { launchBrowser } from '../support/browser.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('Swagger UI at /docs', () => {
  let service: TestApp;
  let browser: Browser;
  // One page for all: this Chromium is a single process, which ends with the first page that is closed.
  let page: Page;
  beforeAll(async () => {
    [service, browser] = await Promise.all([startTestApp(), launchBrowser()]);
    page = await browser.newPage();
    (await service.api.put('/items/shown', { name: 'Shown' })).expect(201);
  });
  afterAll(async () => {
    await browser.close();
    await service.close();
  });

  it('the page loads nothing from elsewhere and runs no inline script', async () => {
    const answer = (await service.api.get('/docs')).expect(200);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(answer.text).not.toMatch(/<script>|https?:|onload=/);
  });

  it('Try it out creates an item and reads one, without an error on the console', async () => {
    const complaints: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${service.api.url}/docs`);

    await openToTry(page, 'Items-createItem');
    expect(await execute(page, 'Items-createItem', {})).toBe('201');
    await openToTry(page, 'Items-getItem');
    expect(await execute(page, 'Items-getItem', { id: 'shown' })).toBe('200');
    expect(complaints).toEqual([]);
  });

  it('the document that the page shows offers the answers of every operation for rehearsal', async () => {
    const { paths } = (await service.api.get('/openapi.json')).expect(200).json;
    for (const operation of OPERATIONS) {
      const { method, id } = operation;
      const { parameters } = paths[documentedPath(operation)][method.toLowerCase()];
      const { schema } = parameters.find(({ name }: { name: string }) => name === 'Rehearse') ?? {};
      expect([id, schema?.enum]).toEqual([id, expect.arrayContaining(['400; problem="malformed-request"'])]);
    }
  });

  it('Try it out rehearses a 507 that was chosen, and none is chosen before', async () => {
    await page.goto(`${service.api.url}/docs`);
    const choice = page.locator('#operations-Items-createItem tr[data-param-name="Rehearse"] select');
    await openToTry(page, 'Items-createItem');
    expect(await choice.inputValue()).toBe('');
    expect(await execute(page, 'Items-createItem', { Rehearse: '507; problem="storage-full"' })).toBe('507');
  });
});

/** Opens an operation, so that it can be filled in. */
async function openToTry(page: Page, operation: string): Promise<void> {
  const block = page.locator(`#operations-${operation}`);
  await block.locator('.opblock-summary-control').click();
  await block.getByRole('button', { name: 'Try it out' }).click();
}

/** Fills in the parameters of an open operation, executes it, and gives the status that the page shows. */
async function execute(page: Page, operation: string, parameters: Record<string, string>): Promise<string> {
  const block = page.locator(`#operations-${operation}`);
  for (const [name, value] of Object.entries(parameters)) {
    const row = block.locator(`tr[data-param-name="${name}"]`);
    const choice = row.locator('select');
    if ((await choice.count()) > 0) await choice.selectOption(value);
    else await row.locator('input').fill(value);
  }
  await block.getByRole('button', { name: 'Execute' }).click();
  return block.locator('.live-responses-table tbody .response-col_status').first().innerText();
}
