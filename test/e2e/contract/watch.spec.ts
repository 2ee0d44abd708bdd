import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getExample } from '../../../src/reference/reference.operations.js';
import { startWithoutDatabase, type TestApp } from '../../support/test-app.js';

describe('the watch', () => {
  let service: TestApp;
  const declared = getExample.answers;
  beforeAll(async () => {
    service = await startWithoutDatabase();
  });
  afterAll(async () => {
    getExample.answers = declared;
    await service?.close();
  });

  it('fails the call that got an undeclared answer, and logs and counts it', async () => {
    getExample.answers = {};
    await expect(service.api.get('/example')).rejects.toThrow('getExample answered 200, which it does not declare');
    expect(service.log.find(({ breach }) => breach !== undefined)).toMatchObject({ breaches: 1 });
  });

  it('still sends an answer that breaks its declaration', async () => {
    getExample.answers = {};
    const answer = await fetch(`${service.api.url}/example`);
    expect([answer.status, await answer.json()]).toEqual([200, { message: 'Success!' }]);
  });
});
