import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { bodiesOf, successesOf } from '../../../src/contract/operation.js';
import { OPERATIONS } from '../../../src/operations.js';
import { startTestApp } from '../../support/test-app.js';

/** One request of an .http file. */
interface FileRequest {
  name: string;
  method: string;
  target: string;
  headers: Record<string, string>;
  body?: string;
}

function requestsIn(file: string): FileRequest[] {
  const [, ...sections] = file.split(/^###.*\n/m);
  return sections.map((section) => {
    const [head = '', ...body] = section.trim().split('\n\n');
    const [name = '', line = '', ...fields] = head.split('\n');
    const [method = '', url = ''] = line.split(' ');
    return {
      name: name.replace('# @name ', ''),
      method,
      target: url.replace('{{host}}', ''),
      headers: Object.fromEntries(fields.map((field) => field.split(': '))) as Record<string, string>,
      ...(body.length > 0 && { body: body.join('\n\n') }),
    };
  });
}

it('each request of docs/items.http succeeds, in its order, on a new database', async () => {
  const service = await startTestApp();
  const requests = requestsIn(await readFile('docs/items.http', 'utf8'));
  const expected = OPERATIONS.flatMap((one) => Array.from({ length: Math.max(1, bodiesOf(one).length) }, () => one));
  expect(requests.map(({ name }) => name.replace(/\d$/, ''))).toEqual(expected.map(({ id }) => id));
  for (const [index, { method, target, ...request }] of requests.entries()) {
    const answer = await service.api.call(method, target, request);
    const statuses = successesOf(expected[index] as (typeof expected)[number]).map(([status]) => status);
    expect([target, statuses]).toEqual([target, expect.arrayContaining([answer.status])]);
    answer.expect(answer.status);
  }
  await service.close();
});
