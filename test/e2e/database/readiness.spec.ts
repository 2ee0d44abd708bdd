import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../../src/database/database.js';
import { describeOnFile } from '../../support/database/engine.js';
import { readinessNow } from '../../support/readiness.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp();
});
afterAll(() => service.close());

describe('readiness', () => {
  it('[P21] 200 with what was found; a thousand probes in a second look at the database once', async () => {
    const database = service.app.get(Database);
    const found = database.state.bind(database);
    let looks = 0;
    database.state = () => {
      looks += 1;
      return found();
    };
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => service.api.get('/health/ready')));
    for (const answer of answers) {
      expect(answer.expect(200).json).toMatchObject({ status: 'ok', database: 'writable', schema: 'current' });
    }
    expect(looks).toBe(1);
    (await readinessNow(service)).expect(200);
    expect(looks).toBe(2);
    database.state = found;
  });
});

describeOnFile('readiness of a service on a file', () => {
  it('200 with what is known of the disk', async () => {
    const { json } = (await readinessNow(service)).expect(200);
    expect(json.disk).toMatch(/^(?:ok|nearly-full)$/);
    expect(json.status).toBe(json.disk === 'ok' ? 'ok' : 'warning');
  });
});
