import { afterEach, expect, it } from '@jest/globals';
import { Caller } from '../../support/caller.js';
import { credentialFor } from '../../support/access/default-access.js';
import { describeOnServer, migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { pickFreePort } from '../../support/postgres/free-port.js';
import { ReadyProxy } from '../../support/ready-proxy.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { SteadyLoad } from '../../support/steady-load.js';
import { sized } from '../../support/test-size.js';

const PROCESSES = sized(2, 3);
const CLIENTS = 12;

/** How long each of them waits between two items, in milliseconds. */
const PAUSE_MS = sized(100, 0);

/** ROLLING_REQUESTS sends more. */
const LEAST_REQUESTS = Number(process.env.ROLLING_REQUESTS ?? sized(300, 2_000));

const TIMEOUT_MS = 120_000 + 20 * LEAST_REQUESTS;

describeOnServer(
  'processes behind a load balancer, each stopped in turn under load, and all but the last started again',
  () => {
    let database: TestDatabase | undefined;
    let proxy: ReadyProxy | undefined;
    afterEach(async () => {
      await proxy?.close();
      await killServices();
      await database?.drop();
    });

    it(
      'no request is lost or refused',
      async () => {
        database = await migratedDatabase();
        const { url } = database;
        const start = (port: number) =>
          ServiceProcess.start({
            environment: { DATABASE_URL: url, PORT: String(port), DRAIN_DELAY_MS: '300' },
          });
        const ports: number[] = [];
        while (ports.length < PROCESSES) ports.push(await pickFreePort());
        const services = await Promise.all(ports.map(start));
        proxy = await ReadyProxy.start(ports);
        for (const port of ports) await proxy.untilReady(port);
        const { authorization } = credentialFor(services[0]!.url);
        const api = new Caller(proxy.url, undefined, authorization);
        const load = new SteadyLoad(api, CLIENTS, LEAST_REQUESTS, PAUSE_MS);
        for (const [index, port] of ports.entries()) {
          expect(await services[index]!.stop()).toMatchObject({ exitCode: 0, stderr: '' });
          if (index === PROCESSES - 1) break;
          services[index] = await start(port);
          await proxy.untilReady(port);
        }
        const { requests, created, failures } = await load.stop();
        expect(failures).toEqual([]);
        expect(requests).toBeGreaterThanOrEqual(LEAST_REQUESTS);
        expect((await api.get('/items?count=true&limit=1')).expect(200).json.count).toBe(created);
        api.close();
      },
      TIMEOUT_MS,
    );
  },
);
