import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refuseName } from '../../support/database/faults.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceparent', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  let requests = 0;
  const linesFor = async (traceparent: string | string[]) => {
    const id = `trace-${(requests += 1)}`;
    const answer = await service.api.get('/items/none', { headers: { 'x-request-id': id, traceparent } });
    answer.expect(404, 'item-not-found');
    return service.log.filter(({ requestId }) => requestId === id);
  };

  it.each([
    ['of this version', `00-${TRACE}-${SPAN}-01`],
    ['of a request that is not sampled', `00-${TRACE}-${SPAN}-00`],
    ['with flags that nobody knows yet', `00-${TRACE}-${SPAN}-ff`],
    ['of a later version', `01-${TRACE}-${SPAN}-01`],
    ['of a later version, with more behind it', `fe-${TRACE}-${SPAN}-01-what.ever-may.come`],
  ])('[P50] %s: its trace id is in the log', async (_, traceparent) => {
    expect(await linesFor(traceparent)).toEqual([expect.objectContaining({ trace_id: TRACE, status: 404 })]);
  });

  it.each<[string, string | string[]]>([
    ['no id', ''],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['capital letters', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['no flags', `00-${TRACE}-${SPAN}`],
    ['more behind it, in version 00', `00-${TRACE}-${SPAN}-01-more`],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['something right behind its flags', `01-${TRACE}-${SPAN}-01more`],
    ['other letters', `00-${TRACE.replace('4', 'g')}-${SPAN}-01`],
    ['a second one', [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`]],
    ['8 KB', `01-${TRACE}-${SPAN}-0${'1'.repeat(8_000)}`],
  ])('[P51] %s: it is ignored', async (_, traceparent) => {
    const [line, ...more] = await linesFor(traceparent);
    expect([line, more]).toEqual([expect.objectContaining({ status: 404 }), []]);
    expect(line).not.toHaveProperty('trace_id');
  });

  it('[P50] its trace id is in the line about a failure too, also within a batch', async () => {
    const mend = await refuseName(service, 'poison');
    const headers = { traceparent: `00-${TRACE}-${SPAN}-01` };
    const body = { name: 'poison' };
    (await service.api.put('/items/one', body, { headers })).expect(500, 'unexpected');
    const operations = [{ method: 'PUT', id: 'one', body }];
    (await service.api.post('/batch', { atomic: false, operations }, { headers })).expect(207);
    await mend();
    const failures = service.log.filter(({ msg }) => msg === 'The request failed');
    expect(failures.map(({ trace_id: id }) => id)).toEqual([TRACE, TRACE]);
  });
});
