import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolders, removeFolders } from './folders.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'items-folders-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('makeFolders', () => {
  it('creates what is missing, and returns it', async () => {
    const made = await makeFolders(join(root, 'a', 'b'));
    expect(made).toEqual([join(root, 'a'), join(root, 'a', 'b')]);
    expect(existsSync(join(root, 'a', 'b'))).toBe(true);
    expect(await makeFolders(join(root, 'a', 'b'))).toEqual([]);
  });

  it('fails in a folder that takes no others, and leaves nothing behind', async () => {
    await expect(makeFolders('/proc/nope/deeper')).rejects.toMatchObject({ code: 'ENOENT' });
    writeFileSync(join(root, 'file'), '');
    await expect(makeFolders(join(root, 'file', 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});

describe('removeFolders', () => {
  it('removes only empty folders', async () => {
    const made = await makeFolders(join(root, 'a', 'b', 'c'));
    writeFileSync(join(root, 'a', 'file'), '');
    await removeFolders(made);
    expect(existsSync(join(root, 'a', 'b'))).toBe(false);
    expect(existsSync(join(root, 'a', 'file'))).toBe(true);
  });
});
