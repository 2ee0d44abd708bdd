// Jest loads this file outside its own module system, where nothing maps './chromium.js' to TypeScript: hence the hooks.
import { register } from 'node:module';

register('./runner/loader-hooks.mjs', import.meta.url);

/** Unpacks the browser before any worker wants it. */
export default async function unpackBrowser() {
  const { hasPackagedChromium, unpackedChromium } = await import('./chromium.js');
  if (hasPackagedChromium && !process.env.CHROMIUM_PATH) await unpackedChromium();
}
