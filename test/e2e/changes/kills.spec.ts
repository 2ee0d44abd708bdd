import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { EventStream } from '../../support/requests/event-stream.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

const KILLS = sized(1, 10);

/** Between the requests of a writer, and between attempts to reach a process that starts, in milliseconds. */
const PAUSE_MS = 10;

let database: TestDatabase;
let steady: TestApp;
beforeEach(async () => {
  database = await migratedDatabase();
  steady = await startTestApp({ database: database.config, auth: 'off' });
});
afterEach(async () => {
  await killServices();
  await steady?.close();
  await database?.drop();
});

/** What a request gets from a process that was killed. */
const lost = async () => {
  await delay(PAUSE_MS);
  return undefined;
};

const start = () => ServiceProcess.start({ environment: { DATABASE_URL: database.url, AUTH: 'off' } });

describe('followers of a process that is killed again and again, while writers in two processes race', () => {
  it(`[Q24] get every change once, in one order (${KILLS} kills)`, async () => {
    let killed = await start();
    const going = { writers: true, followers: true };
    const write = async (writer: number) => {
      for (let n = 0; going.writers; n += 1) {
        const { url } = writer % 2 === 0 ? steady.api : killed;
        await send(url, `w${n % 7}`).catch(lost);
        await delay(PAUSE_MS);
      }
    };
    const polled: string[] = [];
    const poll = async () => {
      while (going.followers) {
        const after = polled.at(-1) ?? '0-00000000';
        const page = await fetchPage(killed.url, after).catch(lost);
        polled.push(...(page?.changes.map(({ position }) => position) ?? []));
      }
    };
    const streamed: string[] = [];
    const stream = async () => {
      while (going.followers) {
        const field = { 'last-event-id': streamed.at(-1) ?? '' };
        const opened = await EventStream.open(killed.url, '/changes?include=none', field).catch(lost);
        if (!opened) continue;
        const before = streamed.length;
        const note = () => streamed.push(...opened.events.slice(streamed.length - before).map(({ id }) => id!));
        opened.answer.on('data', note);
        await opened.ended().catch(lost);
        note();
      }
    };
    const writers = [0, 1, 2, 3].map(write);
    const followers = [poll(), stream()];
    for (let round = 0; round < KILLS; round += 1) {
      const met = polled.length + streamed.length;
      while (polled.length + streamed.length < met + 20) await delay(5);
      killed.signal('SIGKILL');
      await killed.ended;
      killed = await start();
    }
    going.writers = false;
    await Promise.all(writers);
    const rows = await queryDirectly(database.config, 'SELECT seq, command_id FROM item_versions ORDER BY seq');
    const all = rows.map(({ seq, command_id: command }) => `${String(seq)}-${String(command).slice(0, 8)}`);
    while (polled.at(-1) !== all.at(-1) || streamed.at(-1) !== all.at(-1)) await delay(5);
    going.followers = false;
    killed.signal('SIGKILL');
    await killed.ended;
    await Promise.all(followers);
    expect(all.length).toBeGreaterThan(KILLS);
    expect(polled).toEqual(all);
    expect(streamed).toEqual(all);
  }, 240_000);
});

async function send(url: string, id: string): Promise<void> {
  const body = JSON.stringify({ name: `${Math.random()}` });
  await fetch(`${url}/items/${id}`, { method: 'PUT', body, headers: { 'content-type': 'application/json' } });
}

async function fetchPage(url: string, after: string): Promise<{ changes: { position: string }[] }> {
  const answer = await fetch(`${url}/changes?include=none&after=${after}&wait=1`);
  if (answer.status !== 200) throw new Error(`${answer.status}`);
  return (await answer.json()) as { changes: { position: string }[] };
}
