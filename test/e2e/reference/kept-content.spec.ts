import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import type { OpenApi } from '../../../src/contract/openapi/open-api.js';
import { NO_CONDITIONS } from '../../../src/http/fields/conditions/preconditions.js';
import { DocsController } from '../../../src/reference/docs.controller.js';
import { SwaggerFiles } from '../../../src/reference/swagger-files.js';
import { startWithoutDatabase, type TestApp } from '../../support/test-app.js';

const PATHS = ['/openapi.json', '/docs', '/docs/start.js', '/problems', '/problems/unexpected', '/status-codes'];

describe('a body that stays the same while the service runs', () => {
  let service: TestApp;
  let files: string[];
  beforeAll(async () => {
    service = await startWithoutDatabase();
    const { text } = (await service.api.get('/docs')).expect(200);
    files = [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, reference]) => `/${reference}`);
  });
  afterAll(() => service.close());

  describe.each(PATHS)('GET %s', (path) => {
    it('[D21] 304 when If-None-Match names its tag, weakened or not, with the fields of the 200 that caches keep', async () => {
      const { headers } = (await service.api.get(path)).expect(200);
      const { etag = '' } = headers;
      expect(etag).toMatch(/^"[\w-]{22}"$/);
      for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        for (const method of ['GET', 'HEAD']) {
          const same = (await service.api.call(method, path, { headers: { 'if-none-match': tags } })).expect(304);
          const { 'cache-control': cacheControl, vary } = headers;
          expect(same.headers).toMatchObject({ etag, 'cache-control': cacheControl, vary });
        }
      }
    });

    it('[D21] 200 when If-None-Match names another tag, or If-Match its own', async () => {
      const whole = (await service.api.get(path)).expect(200);
      const conditions = { 'if-none-match': '"other"', 'if-match': whole.headers.etag ?? '' };
      for (const [name, value] of Object.entries(conditions)) {
        const again = (await service.api.get(path, { headers: { [name]: value } })).expect(200);
        expect(again.headers.etag).toBe(whole.headers.etag);
        expect(again.content.equals(whole.content)).toBe(true);
      }
    });

    it('[D21] 412 when If-Match names another tag, not to be stored', async () => {
      const refused = await service.api.get(path, { headers: { 'if-match': '"other"' } });
      expect(refused.expect(412, 'precondition-failed').headers['cache-control']).toBe('no-store');
    });
  });

  it.each(['/problems', '/problems/unexpected', '/status-codes'])('%s has a tag for each media type', async (path) => {
    const json = (await service.api.get(path)).expect(200);
    const page = (await service.api.get(path, { headers: { accept: 'text/html' } })).expect(200);
    expect(page.headers.etag).not.toBe(json.headers.etag);
    const headers = { accept: 'text/html', 'if-none-match': json.headers.etag ?? '' };
    (await service.api.get(path, { headers })).expect(200);
    (await service.api.get(path, { headers: { ...headers, 'if-none-match': page.headers.etag ?? '' } })).expect(304);
  });

  it('[D21] the page at /docs names its files with a hash, and caches may keep them forever', async () => {
    expect(files).toHaveLength(7);
    for (const file of files) {
      const { headers, content } = (await service.api.get(file)).expect(200);
      const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
      expect(file.split('.').at(-2)).toBe(hash);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      const same = await service.api.get(file, { headers: { 'if-none-match': headers.etag ?? '' } });
      expect(same.expect(304).headers['cache-control']).toBe('public, max-age=31536000, immutable');
      const refused = await service.api.get(file, { headers: { 'if-match': '"other"' } });
      expect(refused.expect(412, 'precondition-failed').headers['cache-control']).toBe('no-store');
    }
  });

  it('[D21] 404 for a name with another hash, not to be stored', async () => {
    const old = (await service.api.get('/docs/start.0123456789abcdef.js')).expect(404, 'route-not-found');
    expect(old.headers['cache-control']).toBe('no-store');
  });

  it('GET /openapi.json writes the document as JSON only once', async () => {
    let written = 0;
    const document = { toJSON: () => ({ written: (written += 1) }) };
    const docs = new DocsController({ document } as unknown as OpenApi, new SwaggerFiles());
    const reply = { header: () => reply, headers: () => reply } as unknown as FastifyReply;
    for (let n = 0; n < 3; n += 1) expect(String(docs.openApi(NO_CONDITIONS, reply))).toBe('{"written":1}');
  });
});
