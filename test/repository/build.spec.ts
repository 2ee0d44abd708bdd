import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const BUILD = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));

/** Stands for the bundler: done at once, unless the source says that it can't be built. */
const BUNDLE = `
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
export function bundle() {
  if (readFileSync('src/main.ts', 'utf8').includes('broken')) throw new Error('broken source');
  rmSync('dist', { recursive: true, force: true });
  mkdirSync('dist/src', { recursive: true });
  writeFileSync('dist/src/main.js', '');
  console.log('built');
}
`;

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'items-build-'));
  await mkdir(join(project, 'node_modules/esbuild'), { recursive: true });
  await mkdir(join(project, 'scripts'));
  await cp(BUILD, join(project, 'scripts/build.mjs'));
  await write('scripts/bundle.mjs', BUNDLE);
  await write('package.json', '{}');
  await write('src/main.ts', 'start();');
  await write('src/items/items.spec.ts', 'test();');
});
afterEach(() => rm(project, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(project, path)), { recursive: true });
  await writeFile(join(project, path), text);
}

function run(...parameters: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['scripts/build.mjs', ...parameters],
      { cwd: project, env: {} },
      (error, stdout, stderr) => resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const BUILT = { exitCode: 0, stdout: 'built\n', stderr: '' };
const LEFT = { exitCode: 0, stdout: '', stderr: '' };

/** Every file and folder of the project, with the time of its last change. */
async function changes(): Promise<string[]> {
  const names = await readdir(project, { recursive: true });
  return Promise.all(names.map(async (name) => `${name} ${(await stat(join(project, name))).mtimeMs}`));
}

describe('a build before the start', () => {
  it('is made if there is none; the next start writes nothing', async () => {
    expect(await run('--if-changed')).toEqual(BUILT);
    const before = await changes();
    expect(await run('--if-changed')).toEqual(LEFT);
    expect(await changes()).toEqual(before);
  });

  it.each(['src/main.ts', 'package.json', 'src/added.ts', 'scripts/bundle.mjs'])(
    'is made again after a change of %s',
    async (file) => {
      await run();
      await appendFile(join(project, file), ' ');
      expect(await run('--if-changed')).toEqual(BUILT);
      expect(await run('--if-changed')).toEqual(LEFT);
    },
  );

  it('is made again if a file has other content and an older time, such as an unpacked one', async () => {
    await run();
    await write('older.ts', 'other();');
    await cp(join(project, 'older.ts'), join(project, 'src/main.ts'), { preserveTimestamps: true });
    expect(await run('--if-changed')).toEqual(BUILT);
  });

  it('is kept after a change of tests, and in a copy of the project', async () => {
    await run();
    await appendFile(join(project, 'src/items/items.spec.ts'), ' ');
    await cp(join(project, 'src'), join(project, 'copied'), { recursive: true });
    await rm(join(project, 'src'), { recursive: true });
    await cp(join(project, 'copied'), join(project, 'src'), { recursive: true });
    expect(await run('--if-changed')).toEqual(LEFT);
  });

  it('is kept if the source is missing', async () => {
    await run();
    await rm(join(project, 'src'), { recursive: true });
    await rm(join(project, 'node_modules'), { recursive: true });
    expect(await run('--if-changed')).toEqual(LEFT);
  });

  it('that fails says so, and is made again', async () => {
    await run();
    await write('src/main.ts', 'broken');
    const { exitCode, stderr } = await run('--if-changed');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('broken source') });
    await write('src/main.ts', 'start();');
    expect(await run('--if-changed')).toEqual(BUILT);
  });

  it('says what is missing if the bundler is not installed', async () => {
    await rm(join(project, 'node_modules'), { recursive: true });
    const { exitCode, stderr } = await run('--if-changed');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/^The service is not built .+\n$/),
    });
    expect(await readdir(project)).not.toContain('dist');
  });
});

describe('npm run build', () => {
  it('always builds', async () => {
    expect(await run()).toEqual(BUILT);
    const note = await readFile(join(project, 'dist/source.sha256'), 'utf8');
    expect(await run()).toEqual(BUILT);
    expect(await readFile(join(project, 'dist/source.sha256'), 'utf8')).toBe(note);
  });
});
