import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../../support/caller.js';
import { engine, migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { holdWriteLock } from '../../support/database/faults.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { OtlpReceiver, type ReceivedSpan } from '../../support/telemetry/otlp-receiver.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const SYSTEM = engine === 'sqlite' ? 'sqlite' : 'postgresql';

describe('traces', () => {
  let database: TestDatabase;
  let receiver: OtlpReceiver;
  let service: ServiceProcess;
  let api: Caller;
  beforeAll(async () => {
    database = await migratedDatabase();
    receiver = await OtlpReceiver.start();
    service = await ServiceProcess.start({
      environment: {
        DATABASE_URL: database.url,
        REHEARSAL: 'on',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_BSP_SCHEDULE_DELAY: '20',
      },
    });
    api = service.caller();
  });
  afterAll(async () => {
    await killServices();
    receiver.close();
    await database.drop();
  });

  const send = (id: string, method: string, target: string, headers = {}, json?: object) =>
    api.call(method, target, { headers: { 'x-request-id': id, ...headers }, json });
  const lineOf = async (id: string) => JSON.parse(await service.line(new RegExp(`"requestId":"${id}"`)));
  const below = ({ spanId }: ReceivedSpan, name: string) =>
    receiver.until(() => receiver.spans.find((span) => span.parentSpanId === spanId && span.name === name));

  it('[P52] a span of the request below the one in traceparent, and one of its read below it', async () => {
    (await send('read', 'GET', '/items/none?fields=id', { traceparent: `00-${TRACE}-${SPAN}-01` })).expect(
      404,
      'item-not-found',
    );
    const span = await receiver.spanOf('read');
    expect(span).toMatchObject({ traceId: TRACE, parentSpanId: SPAN, name: 'GET /items/:id', kind: 2 });
    expect(span.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 404,
      'http.route': '/items/:id',
      'items.operation': 'getItem',
      'items.problem.code': 'item-not-found',
      'items.request_id': 'read',
      'network.protocol.version': '1.1',
      'url.path': '/items/none',
      'url.scheme': 'http',
    });
    expect(span.status).toEqual({ code: 0 });
    expect(span.resource).toMatchObject({ 'service.name': 'items', 'service.version': '0.1.0' });
    const group = await below(span, 'read items');
    expect(group).toMatchObject({ traceId: TRACE, kind: 3, attributes: { 'db.system.name': SYSTEM } });
    expect(await lineOf('read')).toMatchObject({ trace_id: TRACE, span_id: span.spanId });
  });

  it('[P52] a trace of its own for a request without a valid traceparent', async () => {
    (await send('own', 'GET', '/items', { traceparent: `00-${'0'.repeat(32)}-${SPAN}-01` })).expect(200);
    const span = await receiver.spanOf('own');
    expect(span.parentSpanId).toBe('');
    expect(await lineOf('own')).toMatchObject({ trace_id: span.traceId, span_id: span.spanId });
    await below(span, 'read list');
  });

  it('[P52] an error for a 5xx alone, and names that callers do not choose', async () => {
    (await send('busy', 'GET', '/items/none', { rehearse: '503; problem="storage-unavailable"' })).expect(
      503,
      'storage-unavailable',
    );
    const { status, attributes } = await receiver.spanOf('busy');
    expect([status, attributes]).toEqual([
      { code: 2 },
      expect.objectContaining({ 'error.type': 'storage-unavailable', 'items.rehearsed': true }),
    ]);
    (await send('nowhere', 'GET', '/nowhere/at/all')).expect(404, 'route-not-found');
    expect(await receiver.spanOf('nowhere')).toMatchObject({ name: 'GET' });
    (await send('purge', 'PURGE', '/items/none')).expect(501, 'method-not-implemented');
    const purge = await receiver.spanOf('purge');
    expect(purge.name.startsWith('HTTP')).toBe(true);
    expect(purge.attributes['http.request.method']).toBe('_OTHER');
  });

  it('[P52] no span for a request that its caller did not sample, but its trace in the log', async () => {
    (await send('unsampled', 'GET', '/items/none', { traceparent: `00-${TRACE}-${SPAN}-00` })).expect(
      404,
      'item-not-found',
    );
    (await send('sampled', 'GET', '/items/none')).expect(404, 'item-not-found');
    await receiver.spanOf('sampled');
    expect(receiver.spans.filter(({ attributes }) => attributes['items.request_id'] === 'unsampled')).toEqual([]);
    expect(await lineOf('unsampled')).toMatchObject({ trace_id: TRACE });
  });

  it('[P53] a group of writes is below its first request; the others and the group link to each other', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `write-${n}`);
    const release = await holdWriteLock(database.config);
    const answers = ids.map((id) => send(id, 'PUT', `/items/${id}`, {}, { name: id }));
    // So all of them wait.
    for (const id of ids) await send(`${id}-after`, 'GET', '/items/none');
    await release();
    for (const answer of answers) (await answer).expect(201);
    const spans = await Promise.all(ids.map((id) => receiver.spanOf(id)));
    const groups = () => receiver.spans.filter(({ name }) => name === 'write items');
    const served = () =>
      groups().flatMap(({ parentSpanId, links = [] }) => [parentSpanId, ...links.map(({ spanId }) => spanId)]);
    await receiver.until(() => (served().length >= ids.length ? true : undefined));
    expect(served().toSorted()).toEqual(spans.map(({ spanId }) => spanId).toSorted());
    const linked = spans.filter(({ links = [] }) => links.length > 0);
    expect(linked.length).toBe(ids.length - groups().length);
    expect(linked.length).toBeGreaterThan(0);
    for (const { spanId, links } of linked) {
      const [group, ...more] = groups().filter((one) => one.links?.some((link) => link.spanId === spanId));
      expect([links, more]).toEqual([
        [expect.objectContaining({ traceId: group!.traceId, spanId: group!.spanId })],
        [],
      ]);
    }
    const sizes = groups().map(({ attributes }) => Number(attributes['db.operation.batch.size'] ?? 1));
    expect(sizes.reduce((sum, size) => sum + size)).toBe(ids.length);
  });
});
