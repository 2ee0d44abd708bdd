import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { IMMUTABLE } from '../contract/operation.js';
import { keepBody, type KeptBody } from './kept-body.js';

/** The files that the page at /docs loads: from swagger-ui-dist, and our own. */
const SHIPPED = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;
const OURS = ['page.css', 'references.js', 'rendering.js', 'start.js'] as const;

type FileName = (typeof SHIPPED)[number] | (typeof OURS)[number];

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
};

/** The files of Swagger UI. They are read when the first of them is asked for: 1.5 MB that most services never send. */
@Injectable()
export class SwaggerFiles {
  private read: { kept: Map<string, KeptBody>; names: Record<FileName, string> } | undefined;

  /** A file by its plain name or by that of {@link nameOf}. */
  get(name: string): KeptBody | undefined {
    return this.all.kept.get(name);
  }

  /** A name that changes with the content of the file, so that it can be cached forever. */
  nameOf(name: FileName): string {
    return this.all.names[name];
  }

  private get all() {
    this.read ??= readAll();
    return this.read;
  }
}

function readAll() {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const contents: [FileName, Buffer][] = [
    ...SHIPPED.map((name): [FileName, Buffer] => [name, readFileSync(join(folder, name))]),
    ...OURS.map((name): [FileName, Buffer] => [name, readFileSync(new URL(`swagger-ui/${name}`, import.meta.url))]),
  ];
  const kept = new Map<string, KeptBody>();
  const names = contents.map(([name, content]) => {
    const changing = nameWithHash(name, content);
    const file = keepBody(content, { 'content-type': TYPES[extname(name)] ?? '' });
    kept.set(name, file).set(changing, { ...file, cacheControl: IMMUTABLE });
    return [name, changing];
  });
  return { kept, names: Object.fromEntries(names) as Record<FileName, string> };
}

// `start.js` -> `start.0123456789abcdef.js`.
function nameWithHash(name: string, content: Buffer): string {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return name.replace(/(?=\.\w+$)/, `.${hash}`);
}
