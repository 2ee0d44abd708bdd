import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proves } from '../../support/proof.js';
import { sendRaw } from '../../support/raw-socket.js';
import { SMUGGLED, SMUGGLING_CASES } from '../../support/requests/smuggling-cases.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const FIRST = 'GET /items/kept HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: first\r\n\r\n';

describe('a request hidden in another', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    (await service.api.put('/items/kept', { name: 'x' })).expect(201);
  });
  afterAll(() => service?.close());

  const idsSeen = () => service.log.map(({ requestId }) => requestId);

  it.each(SMUGGLING_CASES)('[B2] [B32] is not carried out: %s', async (_, message, statuses) => {
    const bytes = Buffer.from(FIRST + message, 'latin1');
    const [first, ...others] = await sendRaw(service.api.url, statuses.length + 1, bytes);
    proves('B32');
    expect(first?.headers['x-request-id']).toBe('first');
    expect(others.map(({ status }) => status)).toEqual(statuses);
    proves('B2');
    // Each answer belongs to its request, in the order of the requests.
    const ids = others.map(({ headers }) => headers['x-request-id']).filter((id) => id === 'attack' || id === 'next');
    expect(ids).toEqual(ids.toSorted());
    expect(others.findIndex(({ headers }) => headers['x-request-id'] === 'next')).toBe(
      message.includes('X-Request-Id: next') && statuses.at(-1) === 200 ? statuses.length - 1 : -1,
    );
    const again = await service.api.get('/items/kept', { headers: { 'x-request-id': 'after' } });
    expect(again.expect(200).headers['x-request-id']).toBe('after');
    expect(idsSeen()).not.toContain('smuggled');
  });

  it('would be seen in the log', async () => {
    const [read, refused, deleted, malformed] = await sendRaw(
      service.api.url,
      4,
      FIRST,
      `POST /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      SMUGGLED,
      'x',
    );
    read.expect(200);
    refused.expect(404, 'route-not-found');
    deleted.expect(204);
    malformed.expect(400, 'malformed-request');
    expect(idsSeen()).toContain('smuggled');
  });
});
