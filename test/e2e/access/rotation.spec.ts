import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { issueKey, withIssuedKeys } from '../../support/access/api-keys.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

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

it('no request gets 401 while its key is rotated again and again, and both secrets are in use', async () => {
  const [service] = services as [TestApp, TestApp];
  let secrets = [(await issueKey(service)).text];
  const id = secrets[0]!.split('_')[1]!;
  const readWithEach = () =>
    services.flatMap(({ api }) =>
      secrets.flatMap((text) =>
        Array.from({ length: 3 }, () => api.get('/items', { headers: { authorization: `Bearer ${text}` } })),
      ),
    );
  await withIssuedKeys(service, async (keys) => {
    for (let round = 0; round < 30; round += 1) {
      const isRotated = round % 3 === 0;
      // Of three secrets the first works no more, so its callers have changed to the second by then.
      if (isRotated) secrets = secrets.slice(-1);
      const answers = readWithEach();
      if (isRotated) {
        secrets.push((await keys.rotate(id, false))!.text);
        answers.push(...readWithEach());
      }
      for (const answer of await Promise.all(answers)) answer.expect(200);
      pass(700);
    }
  });
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
