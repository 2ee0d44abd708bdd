import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { issueKey, withIssuedKeys } from '../../support/access/api-keys.js';
import { bearer } from '../../support/access/known-keys.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

/** Connections to each process. */
const CONNECTIONS = 12;
const ROTATIONS = sized(5, 24);
/** Answers between two rotations, at least. */
const EACH_ROUND = 60;

let services: TestApp[];
beforeEach(async () => {
  const first = await startTestApp({ auth: 'required' });
  services = [first, await startTestApp({ auth: 'required', database: first.config.database })];
});
afterEach(async () => {
  // The first one removes the database.
  for (const service of services.toReversed()) await service.close();
});

const pass = (ms: number) => {
  for (const { clock } of services) clock.now = new Date(clock.now.getTime() + ms);
};

it('[L68] no request gets 401 while its key is rotated, under load on many connections to two processes', async () => {
  const [service] = services as [TestApp, TestApp];
  let secrets = [(await issueKey(service)).text];
  const id = secrets[0]!.split('_')[1]!;
  const statuses: number[] = [];
  const load = { isOver: false };
  /** How often `secrets` was replaced, and how often it was when each sender took its last secret. */
  let replaced = 0;
  const seen = Array.from({ length: 2 * CONNECTIONS }, () => 0);
  const use = (these: string[]) => {
    secrets = these;
    replaced += 1;
  };
  const send = async ({ api }: TestApp, at: number) => {
    for (let sent = 0; !load.isOver; sent += 1) {
      seen[at] = replaced;
      const headers = { authorization: bearer(secrets[sent % secrets.length]!) };
      statuses.push((await api.get('/items', { headers })).status);
    }
  };
  const until = async (condition: () => boolean) => {
    while (!condition()) await nextTurn();
  };
  const senders = seen.map((_, at) => send(services[at % 2]!, at));
  await withIssuedKeys(service, async (keys) => {
    for (let round = 0; round < ROTATIONS; round += 1) {
      const before = statuses.length;
      await until(() => statuses.length >= before + EACH_ROUND);
      // Of three secrets the first works no more, so callers have changed to the second before there is a third.
      use(secrets.slice(-1));
      await until(() => seen.every((one) => one === replaced));
      const rotating = keys.rotate(id, false);
      use([...secrets, (await rotating)!.text]);
      pass(700);
    }
  });
  load.isOver = true;
  await Promise.all(senders);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(statuses.length).toBeGreaterThanOrEqual(ROTATIONS * EACH_ROUND);
  expect(secrets).toHaveLength(2);
});

it('[L2] a revoked key gets 401 from every process within 5 s, and the old secret after a rotation with --now', async () => {
  const [service] = services as [TestApp, TestApp];
  const [revoked, rotated] = [await issueKey(service), await issueKey(service)];
  const read = ({ api }: TestApp, text: string) => api.get('/items', { headers: { authorization: `Bearer ${text}` } });
  for (const one of services) for (const { text } of [revoked, rotated]) (await read(one, text)).expect(200);
  const fresh = await withIssuedKeys(service, async (keys) => {
    await keys.revoke(revoked.id);
    return (await keys.rotate(rotated.id, true))!;
  });
  pass(5_000);
  for (const one of services) {
    for (const { text } of [revoked, rotated]) (await read(one, text)).expect(401, 'invalid-token');
    (await read(one, fresh.text)).expect(200);
  }
});
