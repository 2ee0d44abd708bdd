import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Overload } from '../../../src/http/load/overload.js';
import { AnswersUnderWay } from '../../../src/http/wire/answers-under-way.js';
import { bearer, testKey } from '../../support/access/known-keys.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { describeOnServer, newDatabase } from '../../support/database/engine.js';
import { holdTurn } from '../../support/database/faults.js';
import { prepareOutage } from '../../support/database/outage.js';
import { scrape } from '../../support/metrics/scrape.js';
import { openConnections } from '../../support/requests/crowd.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const PLACES = 3;

/** More than the other requests that are let in in one turn of a late loop. */
const SCRAPES = 24;

/** As many scrapes may wait beyond MAX_WAITING. */
const MORE = 16;

let service: TestApp | undefined;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await service?.close();
  service = undefined;
});

describe('the metrics of an overloaded service', () => {
  it('[P45] are answered while MAX_WAITING requests wait, and say so', async () => {
    const database = await newDatabase();
    service = await startTestApp({ database: { ...database.config, timeoutMs: 60_000 }, maxWaiting: PLACES });
    ends.push(() => database.drop());
    const turn = await holdTurn(database.config);
    const whole = service.app.get(AnswersUnderWay).whole;
    const puts = ['a', 'b', 'c'].map((id) => service!.api.put(`/items/${id}`, { name: id }));
    while (whole.waiting < PLACES) await nextTurn();
    (await service.api.get('/example')).expect(503, 'overloaded');
    const full = await scrape(service.api);
    expect(full.value('items_waiting_requests')).toBe(PLACES + 1);
    expect(full.value('items_waiting_requests_max')).toBe(PLACES);
    expect(full.value('items_shed_requests_total', { cause: 'waiting' })).toBe(1);
    // Beyond their places they are refused as others are.
    whole.waiting += MORE;
    (await service.api.get('/metrics')).expect(503, 'overloaded');
    whole.waiting -= MORE;
    await turn.release();
    for (const put of puts) (await put).expect(201);
  });

  it('[P45] are answered while the event loop is late, also more than 16 times in a turn', async () => {
    // No loop is so early.
    service = await startTestApp({ auth: 'off', maxEventLoopDelayMs: -1_000_000 });
    const accepted: Socket[] = [];
    service.app.getHttpServer().on('connection', (socket: Socket) => accepted.push(socket));
    while (!service.app.get(Overload).loop.isSlow) await pause(5);
    const sockets = await openConnections(service.api.url, SCRAPES, '');
    while (accepted.length < SCRAPES) await nextTurn();
    for (const socket of sockets) socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const answers = await Promise.all(sockets.map((socket) => text(socket)));
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 200 '))).toHaveLength(SCRAPES);
    const late = (await scrape(service.api)).value('items_event_loop_delay_seconds_count');
    expect(late).toBeGreaterThanOrEqual(3);
  });
});

describe('the metrics of a service whose keys can’t be looked up', () => {
  it('500 if that has an unforeseen cause', async () => {
    service = await startTestApp({ auth: 'required' });
    const { database } = service.config;
    (await service.api.get('/metrics')).expect(200);
    await queryDirectly(database, 'ALTER TABLE api_keys RENAME TO api_keys_hidden');
    ends.push(() => queryDirectly(database, 'ALTER TABLE api_keys_hidden RENAME TO api_keys'));
    (await service.api.with(bearer(testKey([]))).get('/metrics')).expect(500, 'unexpected');
    (await service.api.get('/metrics')).expect(200);
  });
});

describeOnServer('the metrics of a service whose database is away', () => {
  it('[P46] 200 to a key that is at hand, with items_ready 0; 503 to another', async () => {
    const outage = await prepareOutage();
    ends.push(() => outage.remove());
    service = await startTestApp({ auth: 'required', database: outage.database });
    expect((await scrape(service.api)).value('items_ready')).toBe(1);
    service.clock.now = new Date(service.clock.now.getTime() + 1_500);
    const mend = await outage.begin();
    expect((await scrape(service.api)).value('items_ready')).toBe(0);
    (await service.api.with(bearer(testKey([]))).get('/metrics')).expect(503, 'storage-unavailable');
    await mend();
  });
});
