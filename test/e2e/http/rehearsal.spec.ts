import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Operation } from '../../../src/contract/operation.js';
import { rehearsalsOf } from '../../../src/http/rehearsal/rehearse-field.js';
import { createItem } from '../../../src/items/contract/items.operations.js';
import { OPERATIONS } from '../../../src/operations.js';
import type { Answer } from '../../support/answer.js';
import { validRequest } from '../../support/coverage/requests.js';
import { notedAnswers } from '../../support/coverage/record.js';
import { proves } from '../../support/proof.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startWithoutDatabase, type TestApp } from '../../support/test-app.js';

const EACH_OPERATION = OPERATIONS.map((operation) => ({ id: operation.id, operation }));

/** The status and code that a value of the field asks for. */
function askedBy(value: string): [status: number, code: string | undefined] {
  return [Number.parseInt(value, 10), /problem="(.+)"/.exec(value)?.[1]];
}

function rehearse(service: TestApp, operation: Operation, value: string): Promise<Answer> {
  const { target, headers, ...request } = validRequest(operation, operation.method === 'POST' ? 'new' : 'kept');
  return service.api.call(operation.method, target, { ...request, headers: { ...headers, rehearse: value } });
}

describe('a rehearsal', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startWithoutDatabase();
  });
  afterAll(() => service?.close());

  const post = (rehearseField: string, { headers = {}, ...more }: { headers?: object; json?: object } = {}) =>
    service.api.call('POST', '/items', {
      json: { id: 'new', name: 'New' },
      ...more,
      headers: { rehearse: rehearseField, ...headers },
    });

  it.each(EACH_OPERATION)(
    '[R1] [R2] $id answers each of its rehearsals as the OpenAPI document says, without the database',
    async ({ operation }) => {
      const lines = service.log.length;
      const values = rehearsalsOf(operation);
      proves('R1');
      for (const value of values) await expectRehearsed(operation, value);
      proves('R2');
      // None is an error, and none of them asked a database that this service has not opened.
      const logged = service.log.slice(lines).map(({ rehearsed, level }) => `${String(level)} ${String(rehearsed)}`);
      expect([...new Set(logged)]).toEqual(['info true']);
      expect(logged).toHaveLength(values.length * (operation.method === 'GET' ? 2 : 1));
    },
  );

  /** To HEAD as to GET, without a body. */
  const expectRehearsed = async (operation: Operation, value: string) => {
    const answer = (await rehearse(service, operation, value)).expect(...askedBy(value));
    const { request, status, headers } = answer;
    expect({ value, ...headers }).toMatchObject({ value, rehearsed: 'true', 'cache-control': 'no-store' });
    if (operation.method !== 'GET') return;
    const fields = { rehearse: value, 'x-request-id': String(headers['x-request-id']) };
    const head = (await service.api.call('HEAD', request.target, { headers: fields })).expect(status);
    expect({ value, ...head.headers, date: '' }).toEqual({ value, ...headers, date: '' });
    expect(head.text).toBe('');
  };

  it('201 has a new item and its Location; 200 of a list is its last page, so that clients stop there', async () => {
    const created = (await post('201')).expect(201);
    expect(created.headers).toMatchObject({
      location: '/items/bolt-m8',
      etag: '"1-9f86d081"',
      'content-location': '/items/bolt-m8',
    });
    expect(created.json).toMatchObject({ id: 'bolt-m8', version: 1 });
    expect(created.json.createdAt).toBe(created.json.updatedAt);
    const list = (await service.api.get('/items', { headers: { rehearse: '200' } })).expect(200);
    expect(list.headers.link).not.toContain('next');
    expect(list.json).toMatchObject({ items: [{ id: 'bolt-m8' }], next: null });
  });

  it('is given in the media type that Accept prefers', async () => {
    const headers = { rehearse: '200', accept: 'text/html' };
    const page = (await service.api.get('/problems', { headers })).expect(200);
    expect([page.headers['content-type'], page.text]).toEqual([
      'text/html; charset=utf-8',
      expect.stringMatching(/^<!doctype html>/),
    ]);
  });

  it.each([
    ['409', 'the first declared problem', 'idempotency-key-in-use'],
    ['409;problem=item-exists', 'a problem as a Token', 'item-exists'],
    ['409;  problem="item-exists"', 'a problem as a String', 'item-exists'],
    ['0409', 'an Integer with a leading zero', 'idempotency-key-in-use'],
    ['409;problem=item-id-differs;problem=item-exists', 'the last of two problems (RFC 9651 §3.1.2)', 'item-exists'],
  ])('Rehearse: %s asks for %s', async (value, _, code) => {
    (await post(value)).expect(409, code);
  });

  it.each([
    ['', 'syntax'],
    ['conflict', 'syntax'],
    ['409.0', 'syntax'],
    ['-409', 'syntax'],
    ['"409"', 'syntax'],
    ['409, 409', 'syntax'],
    ['409; problem="item-exists', 'syntax'],
    ['299', 'status'],
    ['304', 'status'],
    ['999999999999999', 'status'],
    ['409; code="item-exists"', 'parameter'],
    ['409; problem', 'problem'],
    ['409; problem=1', 'problem'],
    ['409; problem="item-not-found"', 'problem'],
    ['201; problem="item-exists"', 'problem'],
    [['409', '409'], 'syntax'],
  ])('[R3] 400 with all that is declared to Rehearse: %s, which breaks the rule %s', async (value, rule) => {
    const headers = { rehearse: value };
    const answer = await service.api.call('POST', '/items', { json: { id: 'new', name: 'New' }, headers });
    answer.expect(400, 'invalid-rehearsal');
    expect(answer.headers.rehearsed).toBeUndefined();
    expect(answer.json.errors).toEqual([{ header: 'Rehearse', rule, detail: expect.stringMatching(/^\w+ .*\.$/) }]);
    expect(answer.json.declared).toEqual(rehearsalsOf(createItem));
  });

  it('[R3] 400 names the statuses, or the problems of the status', async () => {
    const detailOf = async (value: string) =>
      (await post(value)).expect(400, 'invalid-rehearsal').json.errors[0].detail;
    expect(await detailOf('299')).toContain('201, 400, 401, 403, 406, 409');
    expect(await detailOf('409; problem="x"')).toContain('under 409: idempotency-key-in-use, item-exists.');
  });

  describe('[R4] is decided by the head', () => {
    const head = (fields: string) => `POST /items HTTP/1.1\r\nHost: localhost\r\nRehearse: 201\r\n${fields}\r\n`;
    const LAST = 'GET /example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

    it.each([
      ['of a length', `${head('Content-Type: application/json\r\nContent-Length: 9\r\n')}{"id":"x"`],
      ['in chunks', `${head('Transfer-Encoding: chunked\r\n')}4\r\n{"a"\r\n0\r\n\r\n`],
      ['that looks like a request', `${head(`Content-Length: ${LAST.length}\r\n`)}${LAST}`],
    ])('before content %s, which is not taken for the next request', async (_, message) => {
      const [rehearsed, next] = await sendRaw(service.api.url, 2, message, LAST);
      expect(rehearsed.expect(201).headers).toMatchObject({ rehearsed: 'true' });
      expect(rehearsed.headers.connection).not.toBe('close');
      expect(next.expect(200).json).toEqual({ message: 'Success!' });
    });

    it.each(['201', '409'])(
      'without 100 to Expect: 100-continue, and Rehearse: %s closes the connection',
      async (value) => {
        const message = head('Expect: 100-continue\r\nContent-Length: 9\r\n').replace('201', value);
        const [answer] = await sendRaw(service.api.url, 1, message, LAST);
        expect([answer.status, answer.headers.rehearsed, answer.headers.connection]).toEqual([
          Number(value),
          'true',
          'close',
        ]);
      },
    );

    it('although everything else in the request is wrong', async () => {
      const headers = {
        'content-type': 'text/plain',
        accept: 'image/png',
        'if-match': 'no tag',
        expect: 'the-impossible',
      };
      (await service.api.call('POST', '/items?nope=1', { body: '{', headers: { ...headers, rehearse: '201' } })).expect(
        201,
      );
    });
  });

  it('[R5] does not work for OPTIONS, which ignores the field', async () => {
    const answer = (await service.api.call('OPTIONS', '/items', { headers: { rehearse: '503' } })).expect(204);
    expect(answer.headers.rehearsed).toBeUndefined();
  });

  it.each([
    'Forwarded: for=192.0.2.1',
    'Via: 1.1 proxy',
    'X-Forwarded-For: 192.0.2.1',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Host: items.example',
    'X-Forwarded-Anything: ',
    'x-real-ip: 192.0.2.1',
  ])('[R7] of a request with %s, which a proxy adds: 400, and nothing is carried out', async (line) => {
    const [name = '', value = ''] = line.split(': ');
    const headers = { [name]: value };
    (await post('201', { headers })).expect(400, 'rehearsal-off');
    (await post('never', { headers })).expect(400, 'rehearsal-off');
  });

  it('is described once in the OpenAPI document, and is not a parameter of an operation', async () => {
    const { json, text } = (await service.api.get('/openapi.json')).expect(200);
    expect(json['x-rehearsal']).toBe('Rehearse');
    expect(json.info.description).toContain('`Rehearse: 409; problem="item-exists"`');
    expect(text).not.toMatch(/"name":"Rehearse"|"Rehearsed"/);
  });

  it('proves nothing: it does not count as an answer that a test asserted', async () => {
    const before = notedAnswers();
    (await service.api.get('/example', { headers: { rehearse: '200' } })).expect(200);
    expect(notedAnswers()).toBe(before);
    (await service.api.get('/example')).expect(200);
    expect(notedAnswers()).toBe(before + 1);
  });
});

describe('a rehearsal with PUBLIC_URL', () => {
  it('has absolute links', async () => {
    const service = await startWithoutDatabase({ publicUrl: 'https://items.example/api' });
    const ask = (method: string, value: string) => service.api.call(method, '/items', { headers: { rehearse: value } });
    expect((await ask('POST', '201')).expect(201).headers).toMatchObject({
      location: 'https://items.example/api/items/bolt-m8',
      'content-location': 'https://items.example/api/items/bolt-m8',
    });
    expect((await ask('GET', '200')).expect(200).headers.link).toMatch(
      /^<https:\/\/items\.example\/api\/items\?limit=20>/,
    );
    expect((await ask('POST', '503')).expect(503, 'storage-unavailable').json.type).toMatch(
      /^https:\/\/items\.example\/api\//,
    );
    await service.close();
  });
});

describe('a rehearsal with REHEARSAL=off', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startWithoutDatabase({ rehearsal: false });
  });
  afterAll(() => service?.close());

  it.each(EACH_OPERATION)('[R6] of $id: 400', async ({ operation }) => {
    for (const value of ['200', '409; problem="item-exists"', 'never', '']) {
      const answer = (await rehearse(service, operation, value)).expect(400, 'rehearsal-off');
      expect(answer.headers.rehearsed).toBeUndefined();
    }
  });

  it('is not offered by the OpenAPI document', async () => {
    const { json, text } = (await service.api.get('/openapi.json')).expect(200);
    expect(json['x-rehearsal']).toBeUndefined();
    expect(text).not.toContain('`Rehearse`');
  });
});
