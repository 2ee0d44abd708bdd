// npm run build: builds the service, and notes the digest of its source. With --if-changed, as npm start calls it, it does
// nothing if the digest is the same. File times would not do: copying and git change them.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the build depends on, apart from src/. */
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
    process.stderr.write('The service is not built from this source, and the bundler is not installed: run npm ci\n');
    process.exit(1);
  }
  // Only now: loading it takes longer than seeing that nothing changed.
  const { bundle } = await import('./bundle.mjs');
  // A failed build leaves no note, so the next start builds again.
  rmSync(NOTE, { force: true });
  await bundle();
  if (source !== undefined) writeFileSync(NOTE, source);
}
