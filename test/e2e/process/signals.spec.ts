import { existsSync } from 'node:fs';
import { kill } from 'node:process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newDatabase, type TestDatabase } from '../../support/database/engine.js';
import { holdWriteLock } from '../../support/database/faults.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { AS_PROCESS_1, canBeProcess1, handlerOf, pidOfProcess1 } from '../../support/signals.js';
import { remainsOf } from '../../support/database/untouched.js';

/** An end that waits for its time limit. It begins before the first test and goes on beside the others. */
let whileBusy: ReturnType<typeof endWhileDatabaseIsBusy> | undefined;
beforeAll(() => {
  if (canBeProcess1) whileBusy = endWhileDatabaseIsBusy();
  whileBusy?.catch(() => undefined);
});
afterAll(async () => {
  await Promise.allSettled([whileBusy]);
  await killServices();
});

let database: TestDatabase;
let environment: Record<string, string>;
beforeEach(async () => {
  database = await newDatabase();
  environment = { DATABASE_URL: database.url, SEED: 'off' };
});
afterEach(() => database.drop());

// Only Linux shows which signals another process handles, and has namespaces.
const onLinux = existsSync('/proc/self/status') ? describe : describe.skip;
const inNamespace = canBeProcess1 ? describe : describe.skip;

onLinux('a signal while the service is being loaded', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends it, and no database is created', async (signal) => {
    const service = await ServiceProcess.spawn({ environment });
    await handlerOf('SIGHUP', service.pid);
    service.signal(signal);
    expect(await service.ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await remainsOf(database.config)).toEqual([]);
  });
});

inNamespace('process 1 of a container', () => {
  it('SIGTERM while it is being loaded ends it', async () => {
    const service = await ServiceProcess.spawn({ environment, launcher: AS_PROCESS_1 });
    const pid = await pidOfProcess1(service);
    await handlerOf('SIGHUP', pid);
    kill(pid, 'SIGTERM');
    expect(await service.ended).toMatchObject({ exitCode: 0, stderr: '' });
  });

  // That the others do so too, shutdown.spec.ts shows: for a handler it makes no difference which process this is.
  it('SIGTERM ends it in order', async () => {
    const service = await ServiceProcess.start({ environment, launcher: AS_PROCESS_1 });
    (await service.caller().put('/items/a', { name: 'A' })).expect(201);
    kill(await pidOfProcess1(service), 'SIGTERM');
    expect(await service.ended).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(/has stopped/),
    });
  });

  it('ends when SHUTDOWN_TIMEOUT_MS is over, while the database is busy for longer', async () => {
    const { ended, write, read } = await whileBusy!;
    read.expect(404, 'item-not-found');
    expect(ended.stdout).toMatch(/without waiting any longer/);
    expect(write).toBe('socket hang up');
  });
});

async function endWhileDatabaseIsBusy() {
  const own = await newDatabase();
  const times = { DATABASE_TIMEOUT_MS: '600000', SHUTDOWN_TIMEOUT_MS: '3000' };
  const patient = { DATABASE_URL: own.url, SEED: 'off', ...times };
  const service = await ServiceProcess.start({ environment: patient, launcher: AS_PROCESS_1 });
  const mend = await holdWriteLock(own.config);
  const cut = service.caller().put('/items/late', { name: 'Late' });
  const error = cut.catch(({ message }: Error) => message);
  const read = await service.caller().get('/items/late');
  kill(await pidOfProcess1(service), 'SIGTERM');
  const ended = await service.ended;
  await mend();
  await own.drop();
  return { ended, read, write: await error };
}
