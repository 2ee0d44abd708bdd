import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/config/config.js';
import { readExamples, runExample, tagIn, type PrintedAnswer } from '../support/readme-examples.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const README = new URL('../../README.md', import.meta.url);
const PAGES = ['README.md', 'docs/retries.md', 'docs/rehearsal.md'];
const ENV_EXAMPLE = new URL('../../.env.example', import.meta.url);

describe.each(PAGES)('the examples in %s', (page) => {
  const examples = readExamples(new URL(`../../${page}`, import.meta.url));
  const answers: PrintedAnswer[] = [];
  let service: TestApp;

  // All of them, in the order of the tour, whichever test is asked for: an example may build on those before it.
  beforeAll(async () => {
    service = await startTestApp();
    (await service.api.post('/items', { id: '1', name: 'apple' })).expect(201);
    (await service.api.post('/items', { id: '2', name: 'banana' })).expect(201);
    const tags = new Map<string, string>();
    for (const example of examples) answers.push(await runExample(example, service.api.url, tags));
  });
  afterAll(() => service?.close());

  it.each(examples.map(({ command, shown }, index) => [shown.statusLine, command, index] as const))(
    '%s as shown: %s',
    (_statusLine, _command, index) => {
      const { shown } = examples[index]!;
      const { statusLine, fields, body } = answers[index]!;
      expect(statusLine).toBe(shown.statusLine);
      // The README leaves fields out, but shows no other.
      expect(fields).toMatchObject(shown.fields);
      expect(body).toBe(shown.body);
    },
  );
});

describe('the tour in README.md', () => {
  it('shows 200, 201, 204, 304, 400, 404, 405, 409, 412, 413, 415 and 503', () => {
    const shown = new Set(readExamples(README).map(({ shown: { statusLine } }) => Number(statusLine.split(' ')[1])));
    expect([...shown].sort()).toEqual(
      expect.arrayContaining([200, 201, 204, 304, 400, 404, 405, 409, 412, 413, 415, 503]),
    );
  });
});

it('the five lines of docs/changing-items.md answer as they say', async () => {
  const service = await startTestApp();
  (await service.api.post('/items', { id: '1', name: 'apple' })).expect(201);
  const page = readFileSync(new URL('../../docs/changing-items.md', import.meta.url), 'utf8');
  const [settings = '', ...lines] = (/^```sh\n(.*?)\n```/ms.exec(page)?.[1] ?? '').split('\n');
  expect(lines).toHaveLength(5);
  const tags = new Map<string, string>();
  for (const line of lines) {
    const example = { command: `${settings}\n${line}`, tag: tagIn(line) };
    const { statusLine } = await runExample(example, service.api.url, tags);
    expect(statusLine.split(' ')[1]).toBe(/# (\d{3})/.exec(line)?.[1]);
  }
  await service.close();
});

describe('the settings on paper', () => {
  const example = readFileSync(ENV_EXAMPLE, 'utf8');
  const settings = parseEnv(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''));

  it('.env.example has every setting that the service reads, with its default', () => {
    const read = new Set<string>();
    readConfig(new Proxy({}, { get: (_, name) => void read.add(String(name)) }));
    expect(Object.keys(settings).sort()).toEqual([...read].sort());
    expect(readConfig(settings)).toEqual(readConfig({}));
  });

  it('README.md has a row with the default of each setting', () => {
    const rows = readFileSync(README, 'utf8').matchAll(/^\| `([A-Z_]+)` +\| (?:`([^`]*)`|none) +\|/gm);
    expect(Object.fromEntries([...rows].map(([, name, value = '']) => [name, value]))).toEqual(settings);
  });
});
