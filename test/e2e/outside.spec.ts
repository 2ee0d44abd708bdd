import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('OPTIONS, which no controller serves', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service.close());

  it('400 with content', async () => {
    const answer = await service.api.call('OPTIONS', '/items', { body: 'content' });
    answer.expect(400, 'unexpected-content');
  });

  it('417 with an expectation that is not known', async () => {
    const answer = await service.api.call('OPTIONS', '/items', { headers: { expect: 'the-impossible' } });
    answer.expect(417, 'expectation-failed');
  });
});
