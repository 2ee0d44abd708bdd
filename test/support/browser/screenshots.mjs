// Writes the pictures of the README from the built service, in the browser of the tests: npm run screenshots
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import '../runner/register.mjs';

const { launchBrowser } = await import('./browser.js');

/** Sizes in CSS pixels. `open` is an operation of Swagger UI that the picture shows open, below the others of its tag. */
const PICTURES = [
  { path: '/docs', file: 'docs/images/swagger-ui.png', width: 1000, height: 1040, open: 'getItem' },
  { path: '/problems/item-exists', file: 'docs/images/problem-page.png', width: 760, height: 1080 },
  { path: '/status-codes', file: 'docs/images/status-codes.png', width: 956, height: 760 },
];

const folder = await mkdtemp(join(tmpdir(), 'items-screenshots-'));
const env = { PATH: process.env.PATH, PORT: '0' };
const main = resolve('dist/src/main.js');
const service = spawn(process.execPath, [main], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
let browser;
try {
  browser = await launchBrowser();
  const url = await announcedUrl();
  // One page for all: this Chromium is a single process, which ends when its first page is closed.
  const page = await browser.newPage();
  for (const { path, file, width, height, open } of PICTURES) {
    await page.setViewportSize({ width, height });
    await page.goto(`${url}${path}`);
    if (open) {
      await page.locator(`#operations-Items-${open} .opblock-summary-control`).click();
      await page.locator(`#operations-Items-${open} .responses-wrapper`).waitFor();
      await page.locator('#operations-tag-Items').evaluate((heading) => heading.scrollIntoView());
    }
    await page.screenshot({ path: file });
    process.stdout.write(`${file}\n`);
  }
} finally {
  await browser?.close();
  const ended = once(service, 'exit');
  service.kill();
  await ended;
  await rm(folder, { recursive: true });
}

async function announcedUrl() {
  for await (const line of createInterface(service.stdout)) {
    const url = /API: (http:\S+)/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('The service ended before it was listening');
}
