import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const READABLE = [
  '/',
  '/example',
  '/health/live',
  '/health/ready',
  '/openapi.json',
  '/docs',
  '/docs/swagger-ui.css',
  '/docs/swagger-ui-bundle.js',
  '/docs/start.js',
  '/docs/favicon-32x32.png',
  '/problems',
  '/problems/unexpected',
  '/status-codes',
];

describe('what the service says about itself', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  it('GET / 200 with links, each of which is 200', async () => {
    const { links } = (await service.api.get('/')).expect(200).json;
    expect(links).toEqual({
      items: '/items',
      changes: '/changes',
      example: '/example',
      docs: '/docs',
      openapi: '/openapi.json',
      problems: '/problems',
      statusCodes: '/status-codes',
      liveness: '/health/live',
      readiness: '/health/ready',
    });
    for (const link of Object.values<string>(links)) (await service.api.get(link)).expect(200);
  });

  it('GET /example 200 with the message of the tutorial', async () => {
    expect((await service.api.get('/example')).expect(200).text).toBe('{"message":"Success!"}');
  });

  it.each([
    ['/health/live', {}],
    ['/health/ready', { database: 'writable', schema: 'current' }],
  ])('GET %s 200', async (path, more) => {
    const answer = (await service.api.get(path)).expect(200);
    expect(answer.json).toMatchObject({ status: 'ok', ...more });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each(READABLE)('[B15] [B16] HEAD %s has the status and header fields of GET, without a body', async (path) => {
    const get = (await service.api.get(path)).expect(200);
    const head = (await service.api.call('HEAD', path)).expect(200);
    const { date: _1, 'x-request-id': _2, ...fields } = get.headers;
    proves('B15');
    expect(head.headers).toMatchObject(fields);
    expect(head.content).toHaveLength(0);
    proves('B16');
    expect(head.headers['content-length']).toBe(String(get.content.length));
  });

  it.each(READABLE)('[B21] [I5] 400 for GET %s with a body or a query', async (path) => {
    proves('B21');
    (await service.api.get(path, { json: {} })).expect(400, 'unexpected-content');
    proves('I5');
    const queried = await service.api.get(`${path}?a=1`);
    if (path.startsWith('/health/')) queried.expect(200);
    else queried.expect(400, 'invalid-query');
  });
});
