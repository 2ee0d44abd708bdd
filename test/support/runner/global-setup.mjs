// Jest loads this file outside its own module system. The hooks map '../browser/chromium.js' to TypeScript.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import './register.mjs';

const PROJECT = join(import.meta.dirname, '../../..');

/** Builds the service if its source has changed, and unpacks the browser before a worker needs it. */
export default async function prepare() {
  throwReasons(...(await Promise.allSettled([build(), unpackBrowser()])));
}

/** Throws the first reason, now that all have ended: Jest ends the process at once. */
export function throwReasons(...results) {
  const rejected = results.find(({ status }) => status === 'rejected');
  if (rejected) throw rejected.reason;
}

async function build() {
  const [status] = await once(
    spawn(process.execPath, ['scripts/build.mjs', '--if-changed'], { cwd: PROJECT, stdio: 'inherit' }),
    'close',
  );
  if (status !== 0) throw new Error("The service can't be built");
}

async function unpackBrowser() {
  const { hasPackagedChromium, unpackedChromium } = await import('../browser/chromium.js');
  if (hasPackagedChromium && !process.env.CHROMIUM_PATH) await unpackedChromium();
}
