import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
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

    const created = await tryOut(page, 'Items-createItem', {});
    expect(created).toBe('201');
    const read = await tryOut(page, 'Items-getItem', { id: 'shown' });
    expect(read).toBe('200');
    expect(complaints).toEqual([]);
  });

  // Opening an operation makes Swagger UI lay out all its answers, so each is closed again.
  it('every operation offers its answers for rehearsal, and none is chosen', async () => {
    await page.goto(`${service.api.url}/docs`);
    for (const { tag, id } of OPERATIONS) {
      const block = page.locator(`#operations-${tag}-${id}`);
      await block.locator('.opblock-summary-control').dispatchEvent('click');
      const choice = block.locator('tr[data-param-name="Rehearse"] select');
      expect([id, await choice.inputValue()]).toEqual([id, '']);
      expect(await choice.innerText()).toContain('400; problem="malformed-request"');
      await block.locator('.opblock-summary-control').dispatchEvent('click');
    }
  }, 90_000);

  it('Try it out rehearses a 507', async () => {
    await page.goto(`${service.api.url}/docs`);
    expect(await tryOut(page, 'Items-createItem', { Rehearse: '507; problem="storage-full"' })).toBe('507');
  });
});

/** Opens an operation, fills in its parameters, executes it, and gives the status that the page shows. */
async function tryOut(page: Page, operation: string, parameters: Record<string, string>): Promise<string> {
  const block = page.locator(`#operations-${operation}`);
  await block.locator('.opblock-summary-control').click();
  await block.getByRole('button', { name: 'Try it out' }).click();
  for (const [name, value] of Object.entries(parameters)) {
    const row = block.locator(`tr[data-param-name="${name}"]`);
    const choice = row.locator('select');
    if ((await choice.count()) > 0) await choice.selectOption(value);
    else await row.locator('input').fill(value);
  }
  await block.getByRole('button', { name: 'Execute' }).click();
  return block.locator('.live-responses-table tbody .response-col_status').first().innerText();
}
