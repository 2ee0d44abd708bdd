// Jest loads this file outside its own module system, where nothing maps './chromium.js' to TypeScript: hence the hooks.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import './runner/register.mjs';

const PROJECT = join(import.meta.dirname, '../..');

/** Builds the service where its source has changed, and unpacks the browser before any worker wants it. */
export default async function prepare() {
  const build = spawnSync(process.execPath, ['scripts/build.mjs', '--if-changed'], { cwd: PROJECT, stdio: 'inherit' });
  if (build.status !== 0) throw new Error('The service can not be built');
  const { hasPackagedChromium, unpackedChromium } = await import('./chromium.js');
  if (hasPackagedChromium && !process.env.CHROMIUM_PATH) await unpackedChromium();
}
