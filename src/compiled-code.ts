import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** What stands around a CommonJS module, on its first line. */
const WRAPPER = ['(function (exports, require, module, __filename, __dirname) { ', '\n})'] as const;

/** The user of this process. */
const ME = process.getuid?.() ?? 0;

/** Bytes before the compiled code: checksums of its source and of the code. V8 compares only the length of the source. */
const HEAD = 8;

/** A module that was loaded. */
export interface Loaded<Exports> {
  exports: Exports;
  /** Writes the compiled code of all that ran so far, unless it was read. A folder that can't be written is left alone. */
  keep: () => void;
}

/** Loads a CommonJS module, which must be ASCII text, by its compiled code if that is in the folder. */
export function loadCompiled(file: string, folder: string): Loaded<unknown> {
  const source = readFileSync(file);
  const sourceSum = crc32(source);
  const kept = join(folder, nameFor(file));
  const cachedData = read(kept, sourceSum);
  const script = new Script(WRAPPER.join(source.toString('latin1')), { filename: file, cachedData });
  const module = { exports: {} };
  const run = script.runInThisContext() as (...parameters: unknown[]) => void;
  run.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  const isRead = script.cachedDataRejected === false;
  return { exports: module.exports, keep: () => isRead || write(kept, sourceSum, script) };
}

// V8 refuses what another version wrote, or the same one with other flags.
function nameFor(file: string): string {
  return [process.version, process.arch, cachedDataVersionTag(), ME, crc32(file)].join('-');
}

function read(kept: string, sourceSum: number): Buffer | undefined {
  try {
    // Nobody should run what another user wrote.
    if (statSync(kept).uid !== ME) return undefined;
    const bytes = readFileSync(kept);
    const code = bytes.subarray(HEAD);
    return bytes.readUInt32LE(0) === sourceSum && bytes.readUInt32LE(4) === crc32(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

// Several processes may write at once. A reader sees a whole file or none.
function write(kept: string, sourceSum: number, script: Script): void {
  const unfinished = `${kept}.${process.pid}`;
  try {
    // Not recursive: in /proc that would never end.
    if (!existsSync(dirname(kept))) mkdirSync(dirname(kept));
    const code = script.createCachedData();
    const head = new Uint8Array(Uint32Array.of(sourceSum, crc32(code)).buffer);
    // Not into a file that is there, which may be a link of somebody else.
    writeFileSync(unfinished, Buffer.concat([head, code]), { flag: 'wx' });
    renameSync(unfinished, kept);
  } catch {
    removeOwn(unfinished);
  }
}

// The service runs already: nothing here may end it.
function removeOwn(unfinished: string): void {
  try {
    rmSync(unfinished, { force: true });
  } catch {
    // It belongs to somebody else.
  }
}
