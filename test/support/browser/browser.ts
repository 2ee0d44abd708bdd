import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packaged from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';
import { hasPackagedChromium, unpackedChromium } from './chromium.js';

/** A host that leads to this machine in the browser, as if its owner had changed its address (DNS rebinding). */
export const REBOUND_HOST = 'rebound.example';

const WEAKENED = ['--disable-web-security', '--allow-running-insecure-content'];

/**
 * A headless Chromium: the one at CHROMIUM_PATH, or the one in the npm package @sparticuz/chromium, which is for Linux on
 * x64 and needs the system's libnss3. Error: says why it does not start, and what to do.
 */
export async function launchBrowser(path = process.env.CHROMIUM_PATH): Promise<Browser> {
  if (!path && !hasPackagedChromium) {
    throw new Error(`The npm packages have no Chromium for ${process.platform} on ${process.arch}: set CHROMIUM_PATH.`);
  }
  const executablePath = path || (await unpackedChromium());
  // Emulating a graphics card takes half of the browser's time.
  packaged.setGraphicsMode = false;
  // The package switches the same-origin policy off.
  const ofPackage = packaged.args.filter((arg) => !WEAKENED.includes(arg));
  const resolver = `--host-resolver-rules=MAP ${REBOUND_HOST} 127.0.0.1`;
  // Chromium does not always remove its temporary files.
  const folder = await mkdtemp(join(tmpdir(), 'items-chromium-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  try {
    const browser = await playwright.launch({
      executablePath,
      headless: true,
      args: [...ofPackage, '--disable-quic', resolver],
      env: { ...process.env, TMPDIR: folder },
    });
    return browser.on('disconnected', removeFolder);
  } catch (error) {
    removeFolder();
    throw new Error(`${executablePath} does not start: ${reasonOf(error as Error)}`, { cause: error });
  }
}

/** The message of the system or of the browser, taken from Playwright's long text. */
function reasonOf({ message }: Error): string {
  const library = /loading shared libraries: (\S+):/.exec(message)?.[1];
  if (library) {
    return `the system lacks ${library}. Debian has it in libnss3 (apt-get install libnss3). Or set CHROMIUM_PATH to another Chromium.`;
  }
  const [, reason = message] = /(?:Failed to launch: |\[err\] |process did exit: )([^\n>]+)/.exec(message) ?? [];
  return reason;
}
