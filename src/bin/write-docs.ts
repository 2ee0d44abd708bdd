import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { api } from '../api.js';
import { readConfig } from '../config/config.js';
import { generatedDocuments } from '../reference/generated-documents.js';

// `npm run docs`: writes the documents that are generated from the declarations. Opens no database.
for (const [file, text] of Object.entries(generatedDocuments(api, readConfig({})))) await writeFile(file, text);
