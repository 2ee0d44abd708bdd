import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';

import { launchBrowser } from '../../support/browser/browser.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 900 };

/** A rule that axe found broken, in the parts that the test shows. */
interface Violation {
  id: string;
  nodes: { html: string }[];
}

let service: TestApp;
let browser: Browser;
// One page for all: this Chromium is a single process, which ends when its first page is closed.
let page: Page;
/** What the browser said about the pages of one test. */
const complaints: string[] = [];
beforeAll(async () => {
  service = await startTestApp();
  browser = await launchBrowser();
  page = await browser.newPage();
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  (await service.api.put('/items/shown', { name: 'Shown' })).expect(201);
});
beforeEach(() => void complaints.splice(0));
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

describe('the pages about answers', () => {
  let axe: string;
  beforeAll(async () => {
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  });

  describe.each(['/problems', '/problems/header-too-large', '/status-codes'])('%s', (path) => {
    it.each([
      ['light', 'phone', PHONE],
      ['dark', 'desk', DESK],
    ] as const)('is accessible in %s on a %s, and not wider than it', async (colorScheme, _, viewport) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await page.goto(`${service.api.url}${path}`);
      await page.evaluate(axe);
      // Without the thousands of elements that keep a rule.
      const violations = await page.evaluate<Violation[]>(
        `axe.run({ resultTypes: ['violations'] }).then((results) => results.violations)`,
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
      expect(complaints).toEqual([]);
    });
  });

  it('the type of a 409 leads to its meaning and to the operations that give it', async () => {
    (await service.api.post('/items', { id: 'taken', name: 'x' })).expect(201);
    const { type } = (await service.api.post('/items', { id: 'taken', name: 'x' })).expect(409, 'item-exists').json;
    await page.goto(`${service.api.url}${type}`);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Item exists');
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'What it means',
      'What to do',
      'Does a retry help?',
      'Additional members',
      'Given by',
      'Example',
    ]);
    await page.getByRole('link', { name: 'Status codes' }).click();
    await page.getByRole('link', { name: 'POST /items: 409 item-exists' }).click();
    expect(new URL(page.url()).pathname).toBe(type);
  });
});
