import { access } from 'node:fs/promises';
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';

/**
 * A headless Chromium: the one at CHROMIUM_PATH, or the one in the npm package @sparticuz/chromium, which needs the
 * system's libnss3. Error: says what is missing.
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH || (await chromium.executablePath());
  await access(executablePath);
  try {
    return await playwright.launch({ executablePath, headless: true, args: [...chromium.args, '--disable-quic'] });
  } catch (error) {
    throw new Error(
      'Chromium does not start. It needs libnss3 from the system (Debian: apt-get install libnss3), or set ' +
        'CHROMIUM_PATH to another Chromium.',
      { cause: error },
    );
  }
}
