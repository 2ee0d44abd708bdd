import { expect, it } from '@jest/globals';
import { setTimeout as passed } from 'node:timers/promises';
import { WRITE_LOCK } from '../../../src/items/store/items.statements.js';
import { connectDirectly } from '../../support/database/direct-sql.js';
import { describeOnServer, migratedDatabase } from '../../support/database/engine.js';
import { EventStream } from '../../support/requests/event-stream.js';
import { startTestApp } from '../../support/test-app.js';

describeOnServer('a transaction that commits late', () => {
  it('[Q23] no reader passes it: changes after it wait, and come in one order', async () => {
    const database = await migratedDatabase();
    const service = await startTestApp({ database: { ...database.config, timeoutMs: 60_000 }, auth: 'off' });
    (await service.api.put('/items/first', { name: 'x' })).expect(201);
    const stream = await EventStream.open(service.api.url, '/changes');
    await stream.take(1);
    // What the writing statement of another process does, which stops before its commit.
    const other = await connectDirectly(database.config);
    await other.query('BEGIN');
    await other.query(`SELECT pg_advisory_xact_lock(${WRITE_LOCK})`);
    await other.query(
      `INSERT INTO item_versions (item_id, version, operation, snapshot, request_id, command_id, at)
       VALUES ('late', 1, 'delete', NULL, 'r', 'abcdef01-0000-4000-8000-000000000000', '2026-01-01T00:00:00.000Z')`,
    );
    let isAnswered = false;
    const put = service.api.put('/items/early', { name: 'x' }).finally(() => (isAnswered = true));
    // Some polls of the reader, in which it could pass the transaction.
    await passed(300);
    expect(isAnswered).toBe(false);
    const { position } = (await service.api.get('/changes?after=now')).expect(200).json;
    expect(position).toBe(stream.events[0]!.id);
    await other.query('COMMIT');
    (await put).expect(201);
    const events = await stream.take(3);
    expect(events.map(({ data }) => JSON.parse(data!).id)).toEqual(['first', 'late', 'early']);
    const page = (await service.api.get(`/changes?after=${position}`)).expect(200);
    expect(page.json.changes.map(({ id }: { id: string }) => id)).toEqual(['late', 'early']);
    stream.close();
    await other.close();
    await service.close();
    await database.drop();
  });
});
