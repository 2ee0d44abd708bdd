import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('Swagger UI at /docs', () => {
  let service: TestApp;
  let browser: Browser;
  beforeAll(async () => {
    [service, browser] = await Promise.all([startTestApp(), launchBrowser()]);
    (await service.api.put('/items/shown', { name: 'Shown' })).expect(201);
  });
  afterAll(async () => {
    await browser.close();
    await service.close();
  });

  it('the page loads nothing from elsewhere and runs no inline script', async () => {
    const page = (await service.api.get('/docs')).expect(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(page.text).not.toMatch(/<script>|https?:|onload=/);
  });

  it('Try it out creates an item and reads one, without an error on the console', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${service.api.url}/docs`);

    const created = await tryOut(page, 'Items-createItem', {});
    expect(created).toBe('201');
    const read = await tryOut(page, 'Items-getItem', { id: 'shown' });
    expect(read).toBe('200');
    expect(complaints).toEqual([]);
    await page.close();
  });
});

/** Opens an operation, fills in its parameters, executes it, and gives the status that the page shows. */
async function tryOut(page: Page, operation: string, parameters: Record<string, string>): Promise<string> {
  const block = page.locator(`#operations-${operation}`);
  await block.locator('.opblock-summary-control').click();
  await block.getByRole('button', { name: 'Try it out' }).click();
  for (const [name, value] of Object.entries(parameters)) {
    await block.locator(`tr[data-param-name="${name}"] input`).fill(value);
  }
  await block.getByRole('button', { name: 'Execute' }).click();
  return block.locator('.live-responses-table tbody .response-col_status').first().innerText();
}
