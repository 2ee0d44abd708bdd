import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../app.js';
import { readConfig } from '../config/config.js';
import { generatedDocuments } from '../generated-documents.js';

// `npm run docs`: writes what is generated from the declarations into the project's folder.
const folder = await mkdtemp(join(tmpdir(), 'items-docs-'));
const app = await createApp(
  readConfig({ DATABASE_URL: `sqlite:${join(folder, 'items.sqlite')}`, LOG_LEVEL: 'silent' }),
);
for (const [file, text] of Object.entries(generatedDocuments(app))) await writeFile(file, text);
await app.close();
await rm(folder, { recursive: true });
