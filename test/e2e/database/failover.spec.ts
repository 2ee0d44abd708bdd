import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { describeOnServer } from '../../support/database/engine.js';
import { prepareFailover, type Failover } from '../../support/database/failover.js';
import { holdTurn } from '../../support/database/faults.js';
import { readinessNow } from '../../support/readiness.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const under = (key: string) => ({ headers: { 'idempotency-key': key } });

// The tests go on from one to the next, as a failover does.
describeOnServer('a failover to a standby that takes no changes for a while', () => {
  let failover: Failover;
  let service: TestApp;
  /** Of changes that the standby lacks at first. */
  let position: string;
  const postLate = () => service.api.post('/items', { id: 'late', name: 'late' }, under('late'));
  const versionsOf = (id: string) =>
    queryDirectly(failover.database, `SELECT version FROM item_versions WHERE item_id = '${id}'`);

  beforeAll(async () => {
    failover = await prepareFailover();
    service = await startTestApp({ database: failover.database });
    (await service.api.put('/items/kept', { name: 'Kept' }, under('kept'))).expect(201);
  }, 60_000);
  afterAll(async () => {
    await service?.close();
    await failover?.remove();
  }, 60_000);

  it('[P67] 503 outcome-unknown to a change that the old primary may yet make', async () => {
    await failover.pauseStandby();
    (await service.api.put('/items/acknowledged', { name: 'x' })).expect(201);
    position = (await service.api.get('/changes/latest')).expect(200).json.position as string;
    const turn = await holdTurn(failover.primary);
    const late = postLate();
    await turn.waitForService();
    failover.switchToStandby();
    expect((await late).expect(503, 'outcome-unknown').json.retryable).toBe(true);
    await turn.release();
    while ((await queryDirectly(failover.primary, `SELECT 1 FROM items WHERE id = 'late'`)).length === 0)
      await delay(10);
  });

  it('[P67] 503 to a position of the feed that the standby has not come to, and not 410', async () => {
    const answer = await service.api.get(`/changes?after=${position}`);
    expect(answer.expect(503, 'storage-unavailable').headers['retry-after']).toBe('1');
    (await service.api.get('/changes?after=0-00000000')).expect(200);
    (await service.api.get(`/changes?after=${position}&wait=1`)).expect(503, 'storage-unavailable');
    await failover.resumeStandby();
    await failover.untilStandbyShowsAll();
    const { changes } = (await service.api.get(`/changes?after=${position}`)).expect(200).json;
    expect(changes).toMatchObject([{ id: 'late', version: 1 }]);
  });

  it('[P67] 200 to reads and to readiness with read-only, 503 to changes', async () => {
    for (const path of [
      '/items/kept',
      '/items/acknowledged',
      '/items/late',
      '/items?q=kept',
      '/items/kept/versions',
      '/changes',
    ]) {
      (await service.api.get(path)).expect(200);
    }
    expect((await readinessNow(service)).expect(200).json).toMatchObject({ database: 'read-only', schema: 'current' });
    for (const call of [
      () => service.api.put('/items/kept', { name: 'never' }),
      () => service.api.post('/items', { id: 'never', name: 'never' }, under('never')),
      () =>
        service.api.post('/batch', { atomic: true, operations: [{ method: 'PUT', id: 'never', body: { name: 'x' } }] }),
    ]) {
      expect((await call()).expect(503, 'storage-unavailable').headers['retry-after']).toBe('1');
    }
    // It was carried out by the old primary.
    expect((await postLate()).expect(201).headers['idempotency-replayed']).toBe('true');
  });

  it('[P67] takes changes once the standby is promoted; nothing acknowledged is lost, nothing made twice', async () => {
    await failover.stopPrimary();
    await failover.promoteStandby();
    (await service.api.put('/items/kept', { name: 'again' })).expect(200);
    expect((await readinessNow(service)).expect(200).json.database).toBe('writable');
    expect((await postLate()).expect(201).headers['idempotency-replayed']).toBe('true');
    for (const id of ['acknowledged', 'late']) expect(await versionsOf(id)).toHaveLength(1);
    (await service.api.get('/items/never')).expect(404, 'item-not-found');
    const { changes } = (await service.api.get(`/changes?after=${position}`)).expect(200).json;
    expect(changes.map(({ id, version }: { id: string; version: number }) => [id, version])).toEqual([
      ['late', 1],
      ['kept', 2],
    ]);
  });
});
