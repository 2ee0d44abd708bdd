import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { IssuedKey } from '../../../src/access/keys/issued-keys.js';
import type { Check } from '../../../src/http/head/head-judge.js';
import { issueKey, withIssuedKeys } from '../../support/access/api-keys.js';
import { bearer } from '../../support/access/known-keys.js';
import { statementsDuring } from '../../support/access/look-ups.js';
import { sendApart } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import type { SigningKey } from '../../support/tokens/signing-key.js';
import { TokenIssuer } from '../../support/tokens/token-issuer.js';

const INVALID = 'Bearer realm="items", error="invalid_token"';
const BODY = '{"name":"Slow"}';
const PACKED = gzipSync(BODY).toString('latin1');
const LENGTH = `Content-Length: ${BODY.length}`;

/** Requests that come in two parts. */
const SLOW: [name: string, request: (authorization: string) => [begin: string, end: string]][] = [
  ['a body with a length', (by) => [`${head('PUT', by, LENGTH)}${BODY.slice(0, 5)}`, BODY.slice(5)]],
  ['a body of which nothing has come', (by) => [head('PUT', by, LENGTH), BODY]],
  [
    'chunks',
    (by) => [`${head('PUT', by, 'Transfer-Encoding: chunked')}5\r\n${BODY.slice(0, 5)}\r\n`, chunks(BODY.slice(5))],
  ],
  [
    'a gzip body',
    (by) => [
      `${head('PUT', by, `Content-Encoding: gzip\r\nContent-Length: ${PACKED.length}`)}${PACKED.slice(0, 9)}`,
      PACKED.slice(9),
    ],
  ],
  ['chunks of no bytes behind a DELETE', (by) => [head('DELETE', by, 'Transfer-Encoding: chunked'), '0\r\n\r\n']],
];

function head(method: string, authorization: string, ...fields: string[]): string {
  const type = method === 'PUT' ? ['Content-Type: application/json'] : [];
  const lines = ['Host: localhost', `Authorization: ${authorization}`, 'Connection: close', ...type, ...fields];
  return `${method} /items/slow HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

function chunks(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
}

let service: TestApp;
let key: IssuedKey;
/** Called when the head of a request was accepted. */
let accepted: () => void = () => undefined;
/** What a request with X-Held waits for behind the checks of its head. */
let held: Promise<void> = Promise.resolve();

const lastCheck: Check = ({ headers }) => {
  accepted();
  return headers['x-held'] === undefined ? undefined : held;
};

const pass = (ms: number) => {
  service.clock.now = new Date(service.clock.now.getTime() + ms);
};
const revoke = () => withIssuedKeys(service, (keys) => keys.revoke(key.id));
/** Sends the parts of one request. `meanwhile` is done when its head was accepted and all of the first part was read. */
async function sendSlowly([begin, end]: readonly [string, string], meanwhile: () => Promise<unknown>) {
  const isAccepted = new Promise<void>((resolve) => (accepted = resolve));
  const between = async () => {
    await isAccepted;
    await meanwhile();
  };
  const [answer] = await sendApart(service.app.getHttpServer(), 1, begin, between, end);
  return answer;
}
const stateOfItem = async () => {
  const answer = await service.api.get('/items/slow');
  return answer.status === 404 ? undefined : answer.expect(200).json.name;
};

describe('a request that is accepted by its head', () => {
  beforeAll(async () => {
    service = await startTestApp({ auth: 'required' }, lastCheck);
  });
  afterAll(() => service?.close());
  beforeEach(async () => {
    key = await issueKey(service);
    await service.api.put('/items/slow', { name: 'Before' });
  });

  it.each(SLOW)('[L65] 401 if its key is revoked while it comes, and nothing is done: %s', async (_, request) => {
    const answer = await sendSlowly(request(bearer(key.text)), async () => {
      await revoke();
      pass(5_000);
    });
    expect(answer.expect(401, 'invalid-token').headers['www-authenticate']).toBe(INVALID);
    expect(await stateOfItem()).toBe('Before');
  });

  it.each(SLOW)('[L65] is carried out if its key still counts by then: %s', async (name, request) => {
    const answer = await sendSlowly(request(bearer(key.text)), () => Promise.resolve(pass(60_000)));
    answer.expect(name.endsWith('DELETE') ? 204 : 200);
    expect(await stateOfItem()).toBe(name.endsWith('DELETE') ? undefined : 'Slow');
  });

  it('[L65] 401 if the key was revoked just before the head came, and the body comes within 5 s of it', async () => {
    (await service.api.with(bearer(key.text)).get('/items/slow')).expect(200);
    await revoke();
    pass(3_000);
    const answer = await sendSlowly(SLOW[0]![1](bearer(key.text)), () => Promise.resolve(pass(2_000)));
    answer.expect(401, 'invalid-token');
    expect(await stateOfItem()).toBe('Before');
  });

  it('[L65] 401 after 100, to a client that waits for it', async () => {
    const isAccepted = new Promise<void>((resolve) => (accepted = resolve));
    const [proceed, answer] = await sendApart(
      service.app.getHttpServer(),
      2,
      head('PUT', bearer(key.text), LENGTH, 'Expect: 100-continue'),
      async () => {
        await isAccepted;
        await revoke();
        pass(5_000);
      },
      BODY,
    );
    proceed.expect(100);
    answer.expect(401, 'invalid-token');
    expect(await stateOfItem()).toBe('Before');
  });

  it('[L65] 401 to all that wait on one connection for an earlier answer', async () => {
    let release = () => {};
    held = new Promise((resolve) => (release = resolve));
    const kept = (method: string, ...fields: string[]) =>
      head(method, bearer(key.text), ...fields).replace('Connection: close\r\n', '');
    let heads = 0;
    const areAccepted = new Promise<void>((resolve) => {
      accepted = () => {
        heads += 1;
        if (heads === 3) resolve();
      };
    });
    const answers = await sendApart(
      service.app.getHttpServer(),
      3,
      kept('GET', 'X-Held: yes') + kept('DELETE') + head('PUT', bearer(key.text), LENGTH) + BODY,
      async () => {
        await areAccepted;
        await revoke();
        pass(5_000);
        release();
      },
    );
    for (const answer of answers) answer.expect(401, 'invalid-token');
    expect(await stateOfItem()).toBe('Before');
  });

  it('[L65] leaves the connection open: its body was read', async () => {
    const next = 'GET /example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const isAccepted = new Promise<void>((resolve) => (accepted = resolve));
    const [refused, answered] = await sendApart(
      service.app.getHttpServer(),
      2,
      head('PUT', bearer(key.text), LENGTH).replace('Connection: close\r\n', ''),
      async () => {
        await isAccepted;
        await revoke();
        pass(5_000);
      },
      BODY + next,
    );
    refused.expect(401, 'invalid-token');
    answered.expect(200);
  });

  it('[L66] 401 if its key expires while it comes', async () => {
    key = await issueKey(service, { lifetimeMs: 3_000 });
    const meanwhile = () => Promise.resolve(pass(3_000));
    (await sendSlowly(SLOW[0]![1](bearer(key.text)), meanwhile)).expect(401, 'invalid-token');
    expect(await stateOfItem()).toBe('Before');
  });

  it('is judged again without a look-up if its body comes quickly', async () => {
    const caller = service.api.with(bearer(key.text));
    (await caller.get('/items/slow')).expect(200);
    pass(3_999);
    const before = await statementsDuring(service.app, () => caller.delete('/items/slow'));
    const quickly = async () => void (await caller.put('/items/slow', { name: 'Quick' }));
    expect([before, await statementsDuring(service.app, quickly)]).toEqual([0, 0]);
  });
});

describe('a request with a JSON Web Token', () => {
  let issuer: TokenIssuer;
  let signer: SigningKey;
  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    signer = issuer.newKey('ES256', 'a');
    service = await startTestApp({ auth: 'required', jwt: issuer.jwt }, lastCheck);
  });
  afterAll(async () => {
    await service?.close();
    await issuer?.close();
  });
  beforeEach(async () => void (await service.api.put('/items/slow', { name: 'Before' })));

  const tokenFor = (seconds: number) =>
    bearer(
      signer.token(
        issuer.claims(service.clock.now, {
          scope: 'items:write',
          exp: Math.floor(service.clock.now.getTime() / 1000) + seconds,
        }),
      ),
    );

  it('[L66] 401 if it expires while the request comes, tolerance included, and nothing is done', async () => {
    const token = tokenFor(10);
    const answer = await sendSlowly(SLOW[0]![1](token), () => Promise.resolve(pass(40_000)));
    expect(answer.expect(401, 'invalid-token').headers['www-authenticate']).toBe(INVALID);
    expect(await stateOfItem()).toBe('Before');
  });

  it('[L66] 200 if it expires a moment later, whatever the issuer does meanwhile', async () => {
    const token = tokenFor(60);
    const { answer } = issuer;
    issuer.answer = (response) => void response.writeHead(500).end();
    (await sendSlowly(SLOW[0]![1](token), () => Promise.resolve(pass(88_000)))).expect(200);
    issuer.answer = answer;
  });
});
