import { execFile } from 'node:child_process';
import { cp, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const INSTALL = fileURLToPath(new URL('../../install/', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'items-install-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
}

function run(node: string, script: string, parameters: string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(node, [script, ...parameters], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

async function write(path: string, text: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

describe('node-gyp of the installation', () => {
  const [major, minor, patch] = process.versions.node.split('.');
  const versionHeader = (last: string | undefined) =>
    `#define NODE_MAJOR_VERSION ${major}\n#define NODE_MINOR_VERSION ${minor}\n#define NODE_PATCH_VERSION ${last}\n`;

  /** Compiles with a Node that is installed in the folder. npm's node-gyp is replaced by one that prints its arguments. */
  async function compile(failing = 'nothing', more: Record<string, string> = {}): Promise<Ended> {
    const node = join(folder, 'bin/node');
    await mkdir(dirname(node));
    await copyFile(process.execPath, node);
    const nodeGyp = await write(
      'node-gyp.js',
      `const told = process.argv.slice(2).join(' '); console.log(told); process.exit(told.startsWith('${failing}') ? 1 : 0)`,
    );
    const env = { npm_config_node_gyp: nodeGyp, npm_package_name: 'sqlite3', ...more };
    return run(node, join(INSTALL, 'node-gyp/node-gyp.mjs'), ['rebuild'], env);
  }

  it('takes the headers beside Node, and fetches none', async () => {
    await write('include/node/node_version.h', versionHeader(patch));
    expect(await compile()).toEqual({ exitCode: 0, stdout: `rebuild --nodedir=${folder}\n`, stderr: '' });
  });

  it.each([
    ['there are none', undefined],
    ['they are of another version', versionHeader(`${patch}9`)],
  ])('fetches headers if %s', async (_, header) => {
    if (header) await write('include/node/node_version.h', header);
    expect(await compile()).toEqual({ exitCode: 0, stdout: 'install --ensure\nrebuild\n', stderr: '' });
  });

  it('takes the headers that npm_config_nodedir names', async () => {
    const { stdout } = await compile('nothing', { npm_config_nodedir: '/chosen' });
    expect(stdout).toBe('rebuild --nodedir=/chosen\n');
  });

  it.each([
    ['the headers', 'install', /npm_config_nodedir=.+npm_config_https_proxy/],
    ['a compiler', 'rebuild', /apt-get install python3 make g\+\+/],
  ])('says what to do if %s is missing', async (_, failing, wayOut) => {
    const { exitCode, stderr } = await compile(failing);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^\nNo binding of sqlite3 could be fetched .+\n$/);
    expect(stderr).toMatch(wayOut);
  });
});

describe('prebuild-install of the installation', () => {
  async function fetchBinding(original: string, binding: string): Promise<Ended> {
    const at = join(folder, 'node_modules/prebuild-install');
    await cp(join(INSTALL, 'prebuild-install'), at, { recursive: true });
    await write('node_modules/prebuild-install/node_modules/prebuild-install/bin.js', original);
    await write('package.json', '{ "main": "binding.js" }');
    await write('binding.js', binding);
    return run(process.execPath, join(at, 'prebuild-install.mjs'), ['-r', 'napi'], {});
  }

  it('takes a binding that can be fetched and loaded', async () => {
    const ended = await fetchBinding("console.log(process.argv.slice(2).join(' '))", '');
    expect(ended).toEqual({ exitCode: 0, stdout: '-r napi\n', stderr: '' });
  });

  it('fails, so that the binding is compiled, if nothing can be fetched', async () => {
    const ended = await fetchBinding("console.error('ENOTFOUND'); process.exit(1)", '');
    expect(ended).toEqual({ exitCode: 1, stdout: '', stderr: 'ENOTFOUND\nNo prebuilt binding was fetched\n' });
  });

  it('fails, so that the binding is compiled, if the fetched one does not load', async () => {
    const { exitCode, stderr } = await fetchBinding('', "throw new Error('GLIBC_2.99 not found')");
    expect(exitCode).toBe(1);
    expect(stderr).toContain('GLIBC_2.99 not found');
    expect(stderr).toMatch(/\nThe prebuilt binding does not load here\n$/);
  });
});
