import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { contract } from '../contract.js';
import { readConfig } from '../config/read-config.js';
import { generatedDocuments } from '../reference/generated-documents.js';

// `npm run docs`: writes the documents that are generated from the declarations. Opens no database.
for (const [file, text] of Object.entries(generatedDocuments(contract, readConfig({})))) await writeFile(file, text);
