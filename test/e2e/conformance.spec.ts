import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { play, withIds } from '../conformance/play.js';
import { EXISTING } from '../conformance/row.js';
import { ROWS } from '../conformance/rows.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

// For the reporter, which holds every row in force against the tests that passed.
if (process.env.ANSWERS_FOLDER) {
  const rows = ROWS.map(({ number, request, answer, section }) => ({ number, request, answer, section }));
  writeFileSync(join(process.env.ANSWERS_FOLDER, 'rows.json'), JSON.stringify(rows));
}

describe('conformance', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service.close());

  for (const row of ROWS) {
    if (!('exchanges' in row)) continue;
    it(`[${row.number}] ${row.request}: ${row.answer}`, async () => {
      const ids = { E: `existing-${row.number}`, X: `unused-${row.number}` };
      (await service.api.put(`/items/${ids.E}`, EXISTING)).expect(201);
      for (const exchange of row.exchanges) await play(service.api, withIds(exchange, ids));
    });
  }
});
