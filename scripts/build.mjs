// npm run build: builds the service, and notes of which source. With --if-changed, as npm start calls it, only where the
// build is of another source, and then nothing is written. Times of files don't tell: copying and git change them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the build is made of. */
const SETTINGS = [
  'ormconfig.ts',
  'nest-cli.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const NEST = 'node_modules/@nestjs/cli/bin/nest.js';
const MAIN = 'dist/src/main.js';
const NOTE = 'dist/source.sha256';

// A container may have the build alone.
const source = existsSync('src') ? digestOfSource() : undefined;
if (!process.argv.includes('--if-changed') || !isBuiltOf(source)) build();

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

function build() {
  if (!existsSync(NEST)) {
    process.stderr.write('The service is not built of this source, and what builds it is not installed: npm ci\n');
    process.exit(1);
  }
  const { status } = spawnSync(process.execPath, [NEST, 'build'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  if (source !== undefined) writeFileSync(NOTE, source);
}
