import { openApiDocument } from '../contract/openapi/document.js';
import { httpFile } from '../contract/openapi/http-file.js';
import type { Contract } from '../contract/contract.js';
import type { PublishedSettings } from '../contract/fields.js';
import { PublicUrl } from '../config/public-url.js';
import { problemsPage, statusCodesPage } from './markdown.js';
import { Reference } from '../contract/reference.js';

/** The committed files that are generated from the declarations: path in the project -> text. */
export function generatedDocuments(contract: Contract, settings: PublishedSettings): Record<string, string> {
  const reference = new Reference(contract);
  const document = openApiDocument(contract, new PublicUrl(undefined), settings);
  return {
    'openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'docs/items.http': httpFile(document),
    'docs/status-codes.md': statusCodesPage(reference),
    'docs/problems.md': problemsPage(reference),
  };
}
