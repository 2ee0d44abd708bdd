import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadCompiled, type Loaded } from './compiled-code.js';

/** A module whose functions say where they are, and what they were given. */
const TEXT = `'use strict';
exports.place = () => [__filename, __dirname, typeof require('node:fs').readFileSync, this === module.exports];
exports.stack = () => new Error('here').stack;
exports.answer = () => 41;`;

interface Exports {
  place(): unknown[];
  stack(): string;
  answer(): number;
}

describe('loadCompiled()', () => {
  let root: string;
  let file: string;
  let folder: string;
  const load = () => loadCompiled(file, folder) as Loaded<Exports>;
  const keep = () => {
    const loaded = load();
    loaded.exports.answer();
    loaded.keep();
  };
  const onlyFile = async () => {
    const [name, ...others] = await readdir(folder);
    expect(others).toEqual([]);
    return join(folder, name ?? '');
  };
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'items-compiled-'));
    [file, folder] = [join(root, 'module.cjs'), join(root, 'kept')];
    await writeFile(file, TEXT);
  });
  afterEach(() => rm(root, { recursive: true }));

  it('runs a module as Node would, without and with its compiled code', () => {
    for (const round of ['compiled', 'kept']) {
      const { exports, keep: write } = load();
      expect([round, ...exports.place()]).toEqual([round, file, root, 'function', true]);
      expect(exports.stack()).toContain(`${file}:3:`);
      write();
    }
  });

  it('writes the compiled code once, and reads it then', async () => {
    keep();
    const kept = await onlyFile();
    const before = await readFile(kept);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await writeFile(kept, before);
    const loaded = load();
    await rm(folder, { recursive: true });
    loaded.keep();
    expect([loaded.exports.answer(), existsSync(folder)]).toEqual([41, false]);
  });

  it('compiles a source that changed, even if it is as long', async () => {
    keep();
    await writeFile(file, TEXT.replace('41', '42'));
    expect(load().exports.answer()).toBe(42);
    keep();
    expect(load().exports.answer()).toBe(42);
    await onlyFile();
  });

  it.each([
    ['is damaged', (bytes: Buffer) => bytes.fill(0xff, bytes.length - 40)],
    ['is cut off', (bytes: Buffer) => bytes.subarray(0, 100)],
    ['is empty', () => Buffer.alloc(0)],
  ])('compiles the source if what was kept %s, and writes it again', async (_, damaged) => {
    keep();
    const kept = await onlyFile();
    const useless = damaged(await readFile(kept));
    await writeFile(kept, useless);
    keep();
    expect(await readFile(kept)).not.toEqual(useless);
  });

  it('ends nothing if the name of an unfinished file is taken', async () => {
    keep();
    const kept = await onlyFile();
    await rm(kept);
    await mkdir(`${kept}.${process.pid}`);
    keep();
    expect(existsSync(kept)).toBe(false);
  });

  // Only root can give a file away.
  const asRoot = process.getuid?.() === 0 ? describe : describe.skip;
  asRoot('with a file of another user', () => {
    it('compiles the source', async () => {
      keep();
      const kept = await onlyFile();
      await chown(kept, 65_534, 65_534);
      keep();
      expect((await stat(kept)).uid).toBe(0);
    });
  });

  it.each(['/proc/none', '/dev/null/none'])('keeps nothing in %s, where nothing can be written', (place) => {
    folder = place;
    keep();
    expect(load().exports.answer()).toBe(41);
  });
});
