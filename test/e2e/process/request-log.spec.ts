import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../../support/caller.js';
import { newDatabase, type TestDatabase } from '../../support/database/engine.js';
import { sendRaw } from '../../support/raw-socket.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { by, nameCaller } from '../../support/named-callers.js';
import { startTestApp } from '../../support/test-app.js';

const SECRET = 'never-in-the-log';

describe('the log', () => {
  let database: TestDatabase;
  let service: ServiceProcess;
  let api: Caller;
  beforeAll(async () => {
    database = await newDatabase();
    // A credential that is a secret is sent, and must not be looked at.
    service = await ServiceProcess.start({ environment: { DATABASE_URL: database.url, AUTH: 'off' } });
    api = service.caller();
  });
  afterAll(async () => {
    await killServices();
    await database.drop();
  });

  const lineOf = async (requestId: string) => JSON.parse(await service.line(new RegExp(`"requestId":"${requestId}"`)));

  it('has one line for each request, without its query, header fields and body', async () => {
    const headers = { 'x-request-id': 'r-1', authorization: `Bearer ${SECRET}`, cookie: SECRET };
    const item = { id: 'logged', name: SECRET, attributes: { SECRET } };
    (await api.post('/items', item, { headers })).expect(201);
    expect(await lineOf('r-1')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      requestId: 'r-1',
      method: 'POST',
      path: '/items',
      operation: 'createItem',
      caller: 'anonymous',
      status: 201,
      durationMs: expect.any(Number),
      msg: 'Request answered',
    });
    (await api.get(`/items?token=${SECRET}`, { headers: { 'x-request-id': 'r-2' } })).expect(400, 'invalid-query');
    expect(await lineOf('r-2')).toMatchObject({ path: '/items', status: 400, code: 'invalid-query', level: 'info' });
    expect(service.lines.filter((line) => /"r-[12]"/.test(line))).toHaveLength(2);
    expect(service.lines.join('\n')).not.toContain(SECRET);
  });

  it('has the name of a caller who showed a credential, and anonymous for everybody else', async () => {
    const named = await startTestApp({}, nameCaller);
    const caller = 'jwt:https://issuer.example|"a"\n';
    (await named.api.get('/items/none', { headers: by(caller) })).expect(404, 'item-not-found');
    (await named.api.get('/example')).expect(200);
    await named.close();
    const lines = named.log.filter(({ msg }) => msg === 'Request answered');
    expect(lines).toEqual([
      expect.objectContaining({ caller, operation: 'getItem', path: '/items/none', status: 404 }),
      expect.objectContaining({ caller: 'anonymous', path: '/example', status: 200 }),
    ]);
  });

  it('has one for a message that could not be read', async () => {
    const [answer] = await sendRaw(service.url, 1, `GET ${SECRET}\r\n\r\n`);
    answer.expect(400, 'malformed-request');
    const line = await lineOf(String(answer.headers['x-request-id']));
    expect(line).toMatchObject({ level: 'info', status: 400, code: 'malformed-request' });
    expect(service.lines.join('\n')).not.toContain(SECRET);
  });
});
