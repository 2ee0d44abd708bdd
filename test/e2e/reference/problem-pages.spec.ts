import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Reference } from '../../../src/contract/reference.js';
import { contract } from '../../../src/contract.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

/** What Chromium sends when somebody follows a link. */
const BROWSER = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
};

const PAGES = ['/problems', '/problems/item-not-found', '/status-codes'];

const TYPES = new Reference(contract).problems.map(({ problem: { type } }) => type);

describe('the pages about answers', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  describe.each(PAGES)('GET %s', (path) => {
    it.each([
      ['a browser', BROWSER, 'text/html; charset=utf-8'],
      ['text/html', { accept: 'text/html' }, 'text/html; charset=utf-8'],
      ['no Accept', {}, 'application/json; charset=utf-8'],
      ['*/*', { accept: '*/*' }, 'application/json; charset=utf-8'],
      ['application/json', { accept: 'application/json' }, 'application/json; charset=utf-8'],
      ['JSON before HTML', { accept: 'text/html;q=0.4, application/json;q=0.5' }, 'application/json; charset=utf-8'],
      ['a malformed Accept', { accept: 'text' }, 'application/json; charset=utf-8'],
    ])('200 to %s, by Accept', async (_, headers, type) => {
      const answer = (await service.api.get(path, { headers })).expect(200);
      expect(answer.headers).toMatchObject({
        'content-type': type,
        'cache-control': 'public, max-age=300',
        vary: 'Accept',
      });
      expect(answer.text.startsWith('<!doctype html>')).toBe(type.startsWith('text/html'));
    });

    it('406 if Accept allows neither', async () => {
      const refused = await service.api.get(path, { headers: { accept: 'text/plain' } });
      expect(refused.expect(406, 'not-acceptable').json.mediaTypes).toEqual(['application/json', 'text/html']);
    });

    it('HTML loads nothing and allows no script', async () => {
      const { headers, text } = (await service.api.get(path, { headers: BROWSER })).expect(200);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; base-uri/);
      expect(text).not.toMatch(/<script|<link|<img|\son[a-z]+=|\sstyle=/);
    });
  });

  /** The problem types that GET /problems gives, by code. */
  let listed: Map<string, unknown>;
  beforeAll(async () => {
    const { problems } = (await service.api.get('/problems')).expect(200).json as { problems: { code: string }[] };
    listed = new Map(problems.map((problem) => [problem.code, problem]));
  });

  describe.each(TYPES)('$code', (type) => {
    it('[K3] 200 at its type: what it means, what to do, and whether a retry helps', async () => {
      const { json } = (await service.api.get(`/problems/${type.code}`)).expect(200);
      expect(listed.get(type.code)).toEqual(json);
      const { members = {}, ...others } = type;
      expect(json).toMatchObject({ ...others, type: `/problems/${type.code}` });
      expect(json.members.map(({ name }: { name: string }) => name)).toEqual(Object.keys(members));
      for (const sentence of [json.meaning, json.remedy, json.retry]) expect(sentence).toMatch(/^[A-Z].{5,}\.$/);
      expect(json.example).toMatchObject({ type: json.type, code: type.code, status: type.status, title: type.title });
      expect(json.operations.length > 0 || json.isGivenOutside).toBe(true);
    });

    it('[K3] 200 with the same as a page', async () => {
      const { text } = (await service.api.get(`/problems/${type.code}`, { headers: BROWSER })).expect(200);
      const members = Object.entries(type.members ?? {}).flatMap(([name, { description }]) => [name, description]);
      for (const part of [type.title, type.code, type.meaning, type.remedy, type.retry, ...members]) {
        expect(text).toContain(part.replaceAll('&', '&#38;').replaceAll("'", '&#39;').replaceAll('"', '&#34;'));
      }
    });
  });

  it('GET /problems 200 with every problem type once, none of which lacks a page of its own', async () => {
    const { problems } = (await service.api.get('/problems')).expect(200).json;
    const codes = problems.map(({ code }: { code: string }) => code);
    expect(codes.toSorted()).toEqual(TYPES.map(({ code }) => code).toSorted());
    expect(codes).toEqual(expect.arrayContaining(['item-exists', 'method-not-allowed', 'storage-unavailable']));
  });

  it('a problem names the operations that give it, as the OpenAPI document does', async () => {
    const { paths } = (await service.api.get('/openapi.json')).expect(200).json;
    const { operations } = (await service.api.get('/problems/item-exists')).expect(200).json;
    expect(operations).toEqual([
      { id: 'createItem', method: 'POST', path: '/items', summary: 'Create an item' },
      { id: 'changeItems', method: 'POST', path: '/batch', summary: 'Create, replace, change and delete many items' },
    ]);
    const response = paths['/items'].post.responses['409'].content['application/problem+json'];
    expect(Object.keys(response.examples)).toContain('item-exists');
  });

  it('GET /status-codes 200 with every status that the OpenAPI document has, operation by operation', async () => {
    const { paths } = (await service.api.get('/openapi.json')).expect(200).json;
    const { operations, outside } = (await service.api.get('/status-codes')).expect(200).json;
    for (const { method, path, answers } of operations) {
      const { responses } = paths[path][method === 'QUERY' ? 'x-query' : method.toLowerCase()];
      const statuses = answers.map(({ status }: { status: number }) => String(status));
      expect([...new Set<string>(statuses)].sort()).toEqual(Object.keys(responses).filter((key) => key !== 'default'));
    }
    expect(operations).toHaveLength(Object.values<object>(paths).flatMap((path) => Object.keys(path)).length);
    expect(outside).toContainEqual({ status: 405, code: 'method-not-allowed', type: '/problems/method-not-allowed' });
  });

  it('the schemas that GET /status-codes names are in the OpenAPI document', async () => {
    const { components } = (await service.api.get('/openapi.json')).expect(200).json;
    const { operations } = (await service.api.get('/status-codes')).expect(200).json;
    const schemas = operations.flatMap(({ answers }: { answers: { schema?: string }[] }) =>
      answers.flatMap(({ schema }) => schema ?? []),
    );
    expect(schemas).toContain('/openapi.json#/components/schemas/Item');
    for (const schema of schemas) expect(Object.keys(components.schemas)).toContain(schema.split('/').at(-1));
  });

  /** Pages have many links in common. */
  const working = new Set<string>();
  it.each(PAGES)('every link of the page %s works', async (path) => {
    const { text } = (await service.api.get(path, { headers: BROWSER })).expect(200);
    const links = new Set([...text.matchAll(/href="([^"#]+)/g)].map(([, link]) => link ?? ''));
    expect(links.size).toBeGreaterThan(2);
    for (const link of links) {
      if (!working.has(link)) (await service.api.get(link, { headers: BROWSER })).expect(200);
      working.add(link);
    }
  });

  it.each(['nothing', 'constructor'])('404 for /problems/%s, which is not a problem', async (code) => {
    (await service.api.get(`/problems/${code}`)).expect(404, 'route-not-found');
    (await service.api.get(`/problems/${code}`, { headers: BROWSER })).expect(404, 'route-not-found');
  });
});
