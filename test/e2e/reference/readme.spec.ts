import { readdirSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config/read-config.js';
import { KEYS } from '../../support/access/known-keys.js';
import { readExamples, runExamples, tagIn, type PrintedAnswer } from '../../support/readme-examples.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const ROOT = new URL('../../../', import.meta.url);
const PAGES = ['README.md', ...readdirSync(new URL('docs/', ROOT)).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);
const PAGES_WITH_EXAMPLES = PAGES.filter((page) => textOf(page).includes('```console'));

function textOf(page: string): string {
  return readFileSync(new URL(page, ROOT), 'utf8');
}

/** Pages whose examples need a service with AUTH=required. */
const ABOUT_CREDENTIALS = ['docs/api.md'];

/** Pages whose examples store nothing: one service is as good as new for each of them. */
const STORING_NOTHING = ['docs/following-changes.md', 'docs/metrics.md', 'docs/operations.md', 'docs/rehearsal.md'];

let untouched: TestApp | undefined;
afterAll(() => untouched?.close());

async function serviceFor(page: string): Promise<TestApp> {
  if (STORING_NOTHING.includes(page) && untouched) return untouched;
  const service = await startTestApp({ auth: ABOUT_CREDENTIALS.includes(page) ? 'required' : 'off' });
  (await service.api.post('/items', { id: '1', name: 'apple' })).expect(201);
  (await service.api.post('/items', { id: '2', name: 'banana' })).expect(201);
  if (STORING_NOTHING.includes(page)) untouched = service;
  return service;
}

describe.each(PAGES_WITH_EXAMPLES)('the examples in %s', (page) => {
  const examples = readExamples(textOf(page));
  let answers: PrintedAnswer[];
  let service: TestApp;

  // Runs all examples, in the order of the page, also for a single test: an example may build on earlier ones.
  beforeAll(async () => {
    service = await serviceFor(page);
    answers = await runExamples(examples, service.api.url, { KEY: KEYS.all.text });
    if (service !== untouched) return;
    const { changes } = (await service.api.get('/changes')).expect(200).json;
    if (changes.length !== 2) throw new Error(`The examples in ${page} store something.`);
  });
  afterAll(async () => {
    if (service !== untouched) await service?.close();
  });

  it.each(examples.map(({ command, shown }, index) => [shown.statusLine, command, index] as const))(
    '%s as shown: %s',
    (_statusLine, _command, index) => {
      const { shown } = examples[index]!;
      const { statusLine, fields, body } = answers[index]!;
      expect(statusLine).toBe(shown.statusLine);
      // A page may leave fields out, but must not show others.
      expect(fields).toMatchObject(shown.fields);
      expect(body).toBe(shown.body);
    },
  );
});

describe('the pages with examples', () => {
  it('are these', () => {
    expect(PAGES_WITH_EXAMPLES.sort()).toEqual([
      'README.md',
      'docs/api.md',
      'docs/batches.md',
      'docs/finding-items.md',
      'docs/following-changes.md',
      'docs/history.md',
      'docs/metrics.md',
      'docs/operations.md',
      'docs/rehearsal.md',
      'docs/retries.md',
      'docs/tour.md',
    ]);
  });

  it.each(PAGES_WITH_EXAMPLES)('%s has at least one', (page) => {
    expect(readExamples(textOf(page))).not.toHaveLength(0);
  });

  it('README.md has seven', () => {
    expect(readExamples(textOf('README.md'))).toHaveLength(7);
  });

  it('docs/tour.md shows 200, 201, 204, 304, 400, 404, 405, 409, 412, 413, 415 and 503', () => {
    const shown = readExamples(textOf('docs/tour.md')).map(({ shown: { statusLine } }) => statusLine.split(' ')[1]);
    expect([...new Set(shown)].sort()).toEqual([
      '200',
      '201',
      '204',
      '304',
      '400',
      '404',
      '405',
      '409',
      '412',
      '413',
      '415',
      '503',
    ]);
  });

  // No test would run a command in another kind of block.
  it('have no other curl, except the five lines of docs/changing-items.md and the follower of docs/following-changes.md', () => {
    const blocks = PAGES.flatMap((page) =>
      [...textOf(page).matchAll(/^```(\w*)\n(.*?)^```$/gms)]
        .filter(([, kind, text = '']) => kind !== 'console' && text.includes('curl -'))
        .map(() => page),
    );
    expect(blocks).toEqual(['docs/changing-items.md', 'docs/following-changes.md']);
  });
});

it('the five lines of docs/changing-items.md answer as they say', async () => {
  const service = await startTestApp({ auth: 'off' });
  (await service.api.post('/items', { id: '1', name: 'apple' })).expect(201);
  const page = textOf('docs/changing-items.md');
  const [settings = '', ...lines] = (/^```sh\n(.*?)\n```/ms.exec(page)?.[1] ?? '').split('\n');
  expect(lines).toHaveLength(5);
  const examples = lines.map((line) => ({ command: `${settings}\n${line}`, tag: tagIn(line) }));
  const answers = await runExamples(examples, service.api.url);
  expect(answers.map(({ statusLine }) => statusLine.split(' ')[1])).toEqual(
    lines.map((line) => /# (\d{3})/.exec(line)?.[1]),
  );
  await service.close();
});

describe('the documented settings', () => {
  const example = textOf('.env.example');
  const settings = parseEnv(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''));

  it('.env.example has every setting that the service reads, with its default', () => {
    const read = new Set<string>();
    readConfig(new Proxy({}, { get: (_, name) => void read.add(String(name)) }));
    expect(Object.keys(settings).sort()).toEqual([...read].sort());
    expect(readConfig(settings)).toEqual(readConfig({}));
  });

  it('docs/configuration.md has a row with the default of each setting', () => {
    const rows = textOf('docs/configuration.md').matchAll(/^\| `([A-Z_]+)` +\| (?:`([^`]*)`|none) +\|/gm);
    expect(Object.fromEntries([...rows].map(([, name, value = '']) => [name, value]))).toEqual(settings);
  });
});
