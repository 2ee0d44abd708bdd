import type { INestApplication } from '@nestjs/common';
import { problemsPage, statusCodesPage } from './http/contract/markdown.js';
import { Reference } from './http/contract/reference.js';
import { DocsController } from './service/docs.controller.js';

/** The committed files that are made from the declarations: path in the project -> content. */
export function generatedDocuments(app: INestApplication): Record<string, string> {
  const reference = app.get(Reference);
  return {
    'openapi.json': `${JSON.stringify(app.get(DocsController).document, null, 2)}\n`,
    'docs/status-codes.md': statusCodesPage(reference),
    'docs/problems.md': problemsPage(reference),
  };
}
