import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generatedDocuments } from '../../src/generated-documents.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('what is generated from the declarations', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service.close());

  for (const file of ['openapi.json', 'docs/status-codes.md', 'docs/problems.md']) {
    it(`${file} is committed as \`npm run docs\` writes it`, async () => {
      expect(await readFile(file, 'utf8')).toBe(generatedDocuments(service.app)[file]);
    });
  }

  it('[P10] GET /openapi.json gives every status that an operation declares, and default', async () => {
    const served = (await service.api.get('/openapi.json')).expect(200).json;
    expect(served).toEqual(JSON.parse(await readFile('openapi.json', 'utf8')));
    for (const operations of Object.values<Record<string, { responses: object }>>(served.paths)) {
      for (const { responses } of Object.values(operations)) expect(Object.keys(responses)).toContain('default');
    }
  });
});
