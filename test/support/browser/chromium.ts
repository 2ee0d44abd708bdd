import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

const UNPACK =
  "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath(process.argv[1]);";

/** Whether the npm package has a Chromium for this machine. */
export const hasPackagedChromium = process.platform === 'linux' && process.arch === 'x64';

/**
 * The path of the Chromium from the npm package @sparticuz/chromium, unpacked below node_modules: once for all runs, until
 * npm installs again. `archives` is a folder with other archives than those of the package. Error: it can't be unpacked.
 */
export async function unpackedChromium(
  parent = join(PROJECT, 'node_modules/.cache'),
  archives?: string,
): Promise<string> {
  const folder = join(parent, `chromium-${versionOfPackage()}`);
  if (!existsSync(folder)) await unpackInto(folder, archives ? [archives] : []);
  return join(folder, 'chromium');
}

function versionOfPackage(): string {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const { version } = createRequire(main)('../../package.json') as { version: string };
  return version;
}

// The package unpacks into the temporary folder, and takes a file that another process is still writing for a complete one.
// So it gets a temporary folder of its own, which is renamed when it is complete.
async function unpackInto(folder: string, archives: string[]): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  try {
    const env = { PATH: process.env.PATH, TMPDIR: unfinished };
    await run(process.execPath, ['--input-type=module', '--eval', UNPACK, ...archives], { cwd: PROJECT, env });
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another run was faster.
    const isThere = ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!isThere) throw new Error(`Chromium can't be unpacked into ${folder}`, { cause: error });
  }
}
