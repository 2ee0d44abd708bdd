import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Config } from '../../../src/config/config.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const FOREIGN = 'rebound.example';

let service: TestApp;

/** Answers to GET with each Host: 200, or 421. */
const statusesOf = async (hosts: string[]) => {
  const answers = await Promise.all(hosts.map((host) => service.api.get('/example', { headers: { host } })));
  for (const answer of answers) answer.expect(answer.status, answer.status === 421 ? 'misdirected-request' : undefined);
  return Object.fromEntries(answers.map(({ status }, at) => [hosts[at], status]));
};
const allOf = (status: number, hosts: string[]) => Object.fromEntries(hosts.map((host) => [host, status]));

const send = async (requestLine: string, ...lines: string[]) => {
  const [answer] = await sendRaw(service.api.url, 1, [requestLine, ...lines, 'Connection: close', '', ''].join('\r\n'));
  return answer;
};

describe('requests for a host that is not ours, on loopback', () => {
  beforeAll(async () => {
    service = await startTestApp({ auth: 'off' });
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
  });
  afterAll(() => service?.close());

  const OURS = [
    'localhost',
    'LOCALHOST:3000',
    'localhost.',
    'items.localhost',
    '127.0.0.1',
    '127.8.9.1:80',
    '[::1]:3000',
  ];
  const OF_OTHERS = [
    FOREIGN,
    `${FOREIGN}:3000`,
    'localhost.example',
    'xlocalhost',
    '127.0.0.1.example',
    '127.1',
    '128.0.0.1',
    '192.168.0.1',
    '[::2]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
  ];

  it('[L10] 200 for every name of loopback, with any port', async () => {
    expect(await statusesOf([...OURS, '[0:0:0:0:0:0:0:1]'])).toEqual(allOf(200, [...OURS, '[0:0:0:0:0:0:0:1]']));
  });

  it('[L10] 421 for every other, however often, also after one that was accepted', async () => {
    expect(await statusesOf(OF_OTHERS)).toEqual(allOf(421, OF_OTHERS));
    expect(await statusesOf(['localhost', FOREIGN, FOREIGN])).toEqual({ localhost: 200, [FOREIGN]: 421 });
  });

  it('[L10] 421 names the host and the setting, and nothing is changed or looked up', async () => {
    const headers = { host: `${FOREIGN}:3000` };
    const refused = (await service.api.delete('/items/kept', { headers })).expect(421, 'misdirected-request');
    expect(refused.json).toMatchObject({
      retryable: false,
      detail: expect.stringContaining(`the host ${headers.host}.`),
    });
    expect(refused.json.detail).toContain('ALLOWED_HOSTS');
    for (const target of ['/items/absent', '/nothing', '/']) {
      (await service.api.call('PUT', target, { headers, json: {} })).expect(421, 'misdirected-request');
    }
    (await service.api.call('OPTIONS', '/items', { headers })).expect(421, 'misdirected-request');
    (await service.api.get('/items/kept')).expect(200);
  });

  it('421 shows no more than 128 characters of the host', async () => {
    const refused = await service.api.get('/example', { headers: { host: `${'x'.repeat(5_000)}.example` } });
    expect(refused.expect(421, 'misdirected-request').text.length).toBeLessThan(700);
  });

  it('the authority of an absolute target counts instead of Host (RFC 9112 §3.2.2)', async () => {
    (await send(`GET http://${FOREIGN}/example HTTP/1.1`, 'Host: localhost')).expect(421, 'misdirected-request');
    (await send('GET http://localhost/example HTTP/1.1', `Host: ${FOREIGN}`)).expect(200);
    (await send(`GET http://user@localhost/example HTTP/1.1`, 'Host: localhost')).expect(400, 'malformed-request');
    (await send('OPTIONS * HTTP/1.1', `Host: ${FOREIGN}`)).expect(421, 'misdirected-request');
  });

  it('200 without a host: HTTP/1.0 may lack it, and no browser does', async () => {
    (await send('GET /example HTTP/1.0')).expect(200);
    (await send('GET /example HTTP/1.0', `Host: ${FOREIGN}`)).expect(421, 'misdirected-request');
    (await send('GET /example HTTP/1.1', 'Host:')).expect(200);
  });

  it.each(['/health/live', '/health/ready'])('200 for %s with any host, as probes send it', async (path) => {
    for (const host of ['10.1.2.3:3000', FOREIGN]) (await service.api.get(path, { headers: { host } })).expect(200);
  });

  it('421 is given before anything but Host itself is judged', async () => {
    (await send('GET /items/%FF HTTP/1.1', `Host: ${FOREIGN}`)).expect(421, 'misdirected-request');
    (await send('GET /items HTTP/1.1', `Host: ${FOREIGN}`, `Host: ${FOREIGN}`)).expect(400, 'malformed-request');
  });

  it('a connection is kept after 421', async () => {
    const one = (host: string, fields = '') => `GET /example HTTP/1.1\r\nHost: ${host}\r\n${fields}\r\n`;
    const message = one(FOREIGN) + one('localhost', 'Connection: close\r\n');
    const [refused, served] = await sendRaw(service.api.url, 2, message);
    refused.expect(421, 'misdirected-request');
    served.expect(200);
  });
});

describe('the settings that say what is ours', () => {
  afterEach(() => service?.close());
  const start = async (settings: Partial<Config>) => {
    service = await startTestApp(settings);
  };

  it('[L10] on loopback the host of PUBLIC_URL and ALLOWED_HOSTS count too', async () => {
    const allowedHosts = ['proxy.test', '10.0.0.7', '[fe80::1]'];
    await start({ auth: 'off', publicUrl: 'https://items.test:8443/api', allowedHosts });
    const ours = ['items.test', 'items.test:8443', 'Proxy.Test.:80', '10.0.0.7:3000', '[FE80::1]', 'localhost'];
    expect(await statusesOf(ours)).toEqual(allOf(200, ours));
    const others = [FOREIGN, 'a.proxy.test', 'test', '10.0.0.8'];
    expect(await statusesOf(others)).toEqual(allOf(421, others));
  });

  it.each([
    ['off loopback', { host: '0.0.0.0' }],
    ['with AUTH=required', { auth: 'required' as const }],
  ])('%s every host is ours while ALLOWED_HOSTS is not set', async (_, settings) => {
    await start({ ...settings, publicUrl: 'https://items.test' });
    expect(await statusesOf([FOREIGN, 'localhost', 'items.test'])).toEqual(
      allOf(200, [FOREIGN, 'localhost', 'items.test']),
    );
  });

  it.each([
    ['off loopback', { host: '0.0.0.0' }],
    ['with AUTH=required', { auth: 'required' as const }],
  ])('[L10] %s only ALLOWED_HOSTS counts once it is set', async (_, settings) => {
    await start({ ...settings, publicUrl: 'https://items.test', allowedHosts: ['proxy.test'] });
    const hosts = ['proxy.test', FOREIGN, 'localhost', '127.0.0.1', 'items.test'];
    expect(await statusesOf(hosts)).toEqual({ ...allOf(421, hosts), 'proxy.test': 200 });
    (await service.api.get('/health/live')).expect(200);
  });
});
