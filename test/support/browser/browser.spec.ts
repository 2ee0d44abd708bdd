import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { launchBrowser } from './browser.js';
import { hasPackagedChromium, unpackedChromium } from './chromium.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'items-browser-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a browser that does not start says why', () => {
  const lacking = 'error while loading shared libraries: libnss3.so: cannot open shared object file';
  it.each([
    [
      'lacks a library',
      `#!/bin/sh\necho "chromium: ${lacking}" >&2\nexit 127\n`,
      0o755,
      /: the system lacks libnss3\.so\. /,
    ],
    ['ends at once', '#!/bin/sh\nexit 3\n', 0o755, /: exitCode=3, signal=null$/],
    ['says something', '#!/bin/sh\necho "no space" >&2\nexit 1\n', 0o755, /: no space$/],
    ['is not a program', 'text', 0o644, /: Error: spawn \S+ EACCES$/],
  ])('when it %s', async (_, content, mode, reason) => {
    const path = join(folder, 'chromium');
    await writeFile(path, content, { mode });
    await expect(launchBrowser(path)).rejects.toThrow(new RegExp(`^${path} does not start${reason.source}`));
  });
});

(hasPackagedChromium ? describe : describe.skip)('unpacking Chromium', () => {
  // Chromium itself takes seconds to unpack: every test that starts a browser does so with it, once.
  const content = randomBytes(5_000_000);
  const emptyTar = Buffer.alloc(1024);
  let archives: string;
  beforeEach(async () => {
    archives = await mkdtemp(join(tmpdir(), 'items-archives-'));
    const packed = { 'chromium.br': content, 'fonts.tar.br': emptyTar, 'swiftshader.tar.br': emptyTar };
    const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } };
    for (const [name, bytes] of Object.entries(packed)) {
      await writeFile(join(archives, name), brotliCompressSync(bytes, fast));
    }
  });
  afterEach(() => rm(archives, { recursive: true }));

  it('gives two callers at once the same complete file, and leaves nothing else', async () => {
    const [first, second] = await Promise.all([unpackedChromium(folder, archives), unpackedChromium(folder, archives)]);
    expect(second).toBe(first);
    expect(content.equals(await readFile(first))).toBe(true);
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^chromium-\d+\.\d+\.\d+$/)]);
  });
});
