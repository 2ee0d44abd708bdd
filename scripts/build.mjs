// npm run build: builds the service, and notes of which source. With --if-changed, as npm start calls it, only where the
// build is of another source, and then nothing is written. Times of files don't tell: copying and git change them.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the build is made of. */
const SETTINGS = [
  'ormconfig.ts',
  'package.json',
  'package-lock.json',
  'scripts/bundle.mjs',
  'scripts/transpile.cjs',
  'tsconfig.json',
];
const BUNDLER = 'node_modules/esbuild';
const MAIN = 'dist/src/main.js';
const NOTE = 'dist/source.sha256';

// A container may have the build alone.
const source = existsSync('src') ? digestOfSource() : undefined;
if (!process.argv.includes('--if-changed') || !isBuiltOf(source)) await build();

function isBuiltOf(digest) {
  if (!existsSync(MAIN)) return false;
  return digest === undefined || (existsSync(NOTE) && readFileSync(NOTE, 'utf8') === digest);
}

function digestOfSource() {
  const hash = createHash('sha256');
  for (const file of [...SETTINGS.filter((name) => existsSync(name)), ...sourceFiles()]) {
    const content = readFileSync(file);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function sourceFiles() {
  const entries = readdirSync('src', { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'));
  return files.map((file) => join(file.parentPath, file.name)).sort();
}

async function build() {
  if (!existsSync(BUNDLER)) {
    process.stderr.write('The service is not built of this source, and what builds it is not installed: npm ci\n');
    process.exit(1);
  }
  // Only now: to load it takes longer than to see that nothing changed.
  const { bundle } = await import('./bundle.mjs');
  // A build that fails leaves no note, so that it is made again.
  rmSync(NOTE, { force: true });
  await bundle();
  if (source !== undefined) writeFileSync(NOTE, source);
}
