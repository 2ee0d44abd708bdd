import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { api } from '../api.js';
import { readConfig } from '../config/config.js';
import { generatedDocuments } from '../reference/generated-documents.js';

// `npm run docs`: writes what is generated from the declarations into the project's folder. No database is opened.
for (const [file, text] of Object.entries(generatedDocuments(api, readConfig({})))) await writeFile(file, text);
