import { writeFile } from 'node:fs/promises';
import { createApp } from '../app.js';
import { readConfig } from '../config/config.js';
import { generatedDocuments } from '../reference/generated-documents.js';

// `npm run docs`: writes what is generated from the declarations into the project's folder. No database is opened.
const app = await createApp(readConfig({ LOG_LEVEL: 'silent' }));
for (const [file, text] of Object.entries(generatedDocuments(app))) await writeFile(file, text);
await app.close();
