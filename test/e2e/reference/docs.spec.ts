import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contract } from '../../../src/contract.js';
import { OPERATIONS } from '../../../src/operations.js';
import { generatedDocuments } from '../../../src/reference/generated-documents.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

/** Every `$ref` in a part of the document. */
function refsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => (name === '$ref' ? [String(value)] : refsIn(value)));
}

let service: TestApp;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
let document: any;
beforeAll(async () => {
  service = await startTestApp({ auth: 'off' });
  document = (await service.api.get('/openapi.json')).expect(200).json;
});
afterAll(() => service?.close());

describe('the documentation', () => {
  it('GET /openapi.json 200 with every operation that Allow offers', async () => {
    expect(document.openapi).toMatch(/^3\./);
    const paths = Object.entries<object>(document.paths);
    expect(paths).toHaveLength(new Set(contract.operations.map(({ path }) => path)).size);
    for (const [path, operations] of paths) {
      const target = path
        .replace('{id}', 'a')
        .replace('{version}', '1')
        .replace('{asset}', 'start.js')
        .replace('{code}', 'unexpected');
      const { allow = '' } = (await service.api.call('OPTIONS', target)).expect(204).headers;
      const documented = Object.keys(operations).map((method) => method.replace('x-', '').toUpperCase());
      expect([path, documented.sort()]).toEqual([
        path,
        allow.split(', ').filter((method) => method !== 'HEAD' && method !== 'OPTIONS'),
      ]);
    }
  });

  it('names every operation once, with its answers and their problems', () => {
    const operations = Object.values<object>(document.paths).flatMap((path) => Object.values(path));
    const ids = operations.map(({ operationId }) => operationId as string);
    expect(ids).toEqual(
      expect.arrayContaining(['listItems', 'createItem', 'getItem', 'replaceItem', 'deleteItem', 'getExample']),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const problems = operations
      .flatMap(({ responses }) => Object.entries<{ content?: object }>(responses))
      .filter(([status]) => Number(status) >= 400);
    const types = problems.flatMap(([, { content }]) => Object.keys(content ?? {}));
    expect(types).toEqual(problems.map(() => 'application/problem+json'));
    expect(Object.keys(document.paths['/items'].post.responses)).toEqual(
      expect.arrayContaining(['201', '400', '409', '413', '415', '500', '503', '507']),
    );
    expect(Object.keys(document.paths['/items/{id}'].put.responses)).toEqual(
      expect.arrayContaining(['200', '201', '409']),
    );
    expect(Object.keys(document.paths['/items/{id}'].delete.responses)).toEqual(expect.arrayContaining(['204', '404']));
  });

  it('names the scope of each operation that has one, with either kind of credential', () => {
    const kinds = Object.keys(document.components.securitySchemes);
    expect(kinds).toEqual(['apiKey', 'jwt']);
    for (const { method, path, scope } of OPERATIONS) {
      const { security } =
        document.paths[path.replace(/:(\w+)/g, '{$1}')][method === 'QUERY' ? 'x-query' : method.toLowerCase()];
      expect([path, security]).toEqual([path, scope === undefined ? [] : kinds.map((kind) => ({ [kind]: [scope] }))]);
    }
  });

  it('contains everything that it refers to', () => {
    const refs = new Set(refsIn(document));
    expect(refs.size).toBeGreaterThan(10);
    const parts = new Set(
      Object.entries<object>(document.components).flatMap(([kind, named]) =>
        Object.keys(named).map((name) => `#/components/${kind}/${name}`),
      ),
    );
    expect([...refs].filter((ref) => !parts.has(ref))).toEqual([]);
  });

  it('gives examples of bodies and ids that the service accepts', async () => {
    const exampleOf = (path: string, method: string, type = 'application/json') =>
      document.paths[path][method].requestBody.content[type].example;
    const { example } = document.paths['/items/{id}'].put.parameters[0];
    const item = `/items/${example}`;
    (await service.api.post('/items', exampleOf('/items', 'post'))).expect(201);
    (await service.api.put(item, exampleOf('/items/{id}', 'put'))).expect(201);
    const types = Object.keys(document.paths['/items/{id}'].patch.requestBody.content);
    expect(types).toHaveLength(3);
    for (const type of types) {
      const body = JSON.stringify(exampleOf('/items/{id}', 'patch', type));
      (await service.api.call('PATCH', item, { headers: { 'content-type': type }, body })).expect(200);
    }
    (await service.api.delete(item)).expect(204);
  });

  it('GET /docs 200 with a page that loads only existing files', async () => {
    const page = (await service.api.get('/docs')).expect(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const references = [...page.text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, reference]) => reference);
    expect(references).toHaveLength(7);
    for (const reference of references) (await service.api.get(`/${reference}`)).expect(200);
  });

  it('GET /docs 200 with a page that loads nothing from other origins and runs no inline script', async () => {
    const answer = (await service.api.get('/docs')).expect(200);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(answer.text).not.toMatch(/<script>|https?:|onload=/);
  });

  it.each([
    ['swagger-ui.css', 'text/css; charset=utf-8'],
    ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
    ['references.js', 'text/javascript; charset=utf-8'],
    ['rendering.js', 'text/javascript; charset=utf-8'],
    ['start.js', 'text/javascript; charset=utf-8'],
    ['favicon-32x32.png', 'image/png'],
  ])('GET /docs/%s 200 as %s', async (name, type) => {
    const answer = (await service.api.get(`/docs/${name}`)).expect(200);
    expect(answer.headers['content-type']).toBe(type);
    expect(answer.content.length).toBeGreaterThan(50);
  });

  it.each(['package.json', 'constructor', 'index.html'])('GET /docs/%s 404', async (name) => {
    (await service.api.get(`/docs/${name}`)).expect(404, 'route-not-found');
  });

  it.each(['..%2fpackage.json', 'A.css', '__proto__'])('GET /docs/%s 400', async (name) => {
    (await service.api.get(`/docs/${name}`)).expect(400, 'invalid-path');
  });
});

describe('what is generated from the declarations', () => {
  for (const file of ['openapi.json', 'docs/items.http', 'docs/status-codes.md', 'docs/problems.md']) {
    it(`${file} is committed as \`npm run docs\` writes it`, async () => {
      expect(await readFile(file, 'utf8')).toBe(generatedDocuments(contract, service.config)[file]);
    });
  }

  it('[P10] GET /openapi.json gives every status that an operation declares, and default', async () => {
    const served = (await service.api.get('/openapi.json')).expect(200).json;
    expect(served).toEqual(JSON.parse(await readFile('openapi.json', 'utf8')));
    const operations = Object.values<Record<string, { responses: object }>>(served.paths).flatMap(Object.values);
    expect(operations).toHaveLength(contract.operations.length);
    for (const { responses } of operations) expect(Object.keys(responses)).toContain('default');
  });
});
