import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import converter from 'openapi-to-postmanv2';
import { withService } from './service.js';

interface Entry {
  key: string;
  value: string;
  disabled?: boolean;
}

interface PostmanRequest {
  method: string;
  url: { path: string[]; query: Entry[]; variable: Entry[] };
  header?: Entry[];
  body?: { raw?: string };
}

/** A folder of a collection, or a request. */
interface Entries {
  name: string;
  item?: Entries[];
  request?: PostmanRequest;
}

interface Conversion {
  result: boolean;
  reason?: string;
  output: { data: Entries }[];
}

// "Parameter generation: Example" in the dialog of Postman's import. The default, Schema, writes placeholders such as
// `<string>`.
const OPTIONS = { parametersResolution: 'Example' };

interface OpenApi {
  paths: Record<string, Record<string, { summary: string; responses: Record<string, unknown> }>>;
}

// Converts openapi.json to a Postman collection and sends its requests, in their order, to the built service.
const document = JSON.parse(await readFile('../openapi.json', 'utf8')) as OpenApi;
// Extensions such as x-query describe what OpenAPI has no name for.
const operations = Object.values(document.paths).flatMap((path) =>
  Object.entries(path).flatMap(([method, operation]) => (method.startsWith('x-') ? [] : [operation])),
);
const convert = promisify(converter.convertV2) as (input: object, options: object) => Promise<Conversion>;

for (const enableOptionalParameters of [true, false]) {
  const { output, reason } = await convert({ type: 'json', data: document }, { ...OPTIONS, enableOptionalParameters });
  const requests = requestsOf(output[0]?.data ?? assert.fail(reason));
  assert.deepEqual(requests.map(([name]) => name).sort(), operations.map(({ summary }) => summary).sort());
  await withService(async (baseUrl) => {
    for (const [name, request] of requests) await play(baseUrl, name, request);
  });
  const fields = enableOptionalParameters ? 'with' : 'without';
  process.stdout.write(
    `${requests.length} requests of Postman's collection succeeded, ${fields} optional parameters.\n`,
  );
}

function requestsOf({ name, item = [], request }: Entries): [name: string, request: PostmanRequest][] {
  return request ? [[name, request]] : item.flatMap(requestsOf);
}

async function play(baseUrl: string, name: string, request: PostmanRequest): Promise<void> {
  const { method, url, header = [], body } = request;
  const values = Object.fromEntries(url.variable.map(({ key, value }) => [`:${key}`, encodeURIComponent(value)]));
  const path = url.path.map((part) => values[part] ?? part).join('/');
  const query = new URLSearchParams(url.query.filter(isSent).map(({ key, value }) => [key, value]));
  const response = await fetch(`${baseUrl}/${path}?${query}`.replace(/\?$/, ''), {
    method,
    headers: header.filter(isSent).map(({ key, value }): [string, string] => [key, value]),
    body: body?.raw,
  });
  const successes = Object.keys(operations.find(({ summary }) => summary === name)?.responses ?? {});
  const expected = successes.filter((status) => status.startsWith('2'));
  assert.ok(expected.includes(String(response.status)), `${name}: ${response.status} ${await response.text()}`);
}

function isSent({ disabled }: Entry): boolean {
  return disabled !== true;
}
