import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { IMMUTABLE } from '../contract/operation.js';
import { keepBody, type KeptBody } from './kept-body.js';

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const shipped = (name: string) => readFileSync(join(folder, name));

const ours = (name: string) => readFileSync(new URL(`swagger-ui/${name}`, import.meta.url));

/** The files that the page at /docs loads: from swagger-ui-dist, and our own. */
const CONTENTS = {
  'swagger-ui.css': shipped('swagger-ui.css'),
  'swagger-ui-bundle.js': shipped('swagger-ui-bundle.js'),
  'favicon-32x32.png': shipped('favicon-32x32.png'),
  'page.css': ours('page.css'),
  'start.js': ours('start.js'),
};

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
};

const kept = new Map<string, KeptBody>();
for (const [name, content] of Object.entries(CONTENTS)) {
  const file = keepBody(content, { 'content-type': TYPES[extname(name)] ?? '' });
  kept.set(name, file);
  kept.set(nameWithHash(name, content), { ...file, cacheControl: IMMUTABLE });
}

/** A file of Swagger UI, by its plain name or by that of {@link changingName}. */
export function swaggerFile(name: string): KeptBody | undefined {
  return kept.get(name);
}

/** A name that changes with the content of the file, so that it can be cached forever. */
export function changingName(name: keyof typeof CONTENTS): string {
  return nameWithHash(name, CONTENTS[name]);
}

// `start.js` -> `start.0123456789abcdef.js`.
function nameWithHash(name: string, content: Buffer): string {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return name.replace(/(?=\.\w+$)/, `.${hash}`);
}
