import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { problemsPage, statusCodesPage } from './markdown.js';
import { httpFile } from '../contract/openapi/http-file.js';
import { Reference } from './reference.js';
import { DocsController } from './docs.controller.js';

/** The committed files that are made from the declarations: path in the project -> content. */
export function generatedDocuments(app: INestApplication): Record<string, string> {
  const reference = app.get(Reference);
  const { document } = app.get(DocsController);
  return {
    'openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'docs/items.http': httpFile(document as OpenAPIObject),
    'docs/status-codes.md': statusCodesPage(reference),
    'docs/problems.md': problemsPage(reference),
  };
}
