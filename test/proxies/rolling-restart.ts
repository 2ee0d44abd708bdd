import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Caller } from '../support/caller.js';
import { startCluster } from '../support/postgres/cluster.js';
import { pickFreePort } from '../support/postgres/free-port.js';
import { killServices, ServiceProcess } from '../support/service-process.js';
import { SteadyLoad, type LoadResult } from '../support/steady-load.js';
import { callerOf, LOGIN } from './promises.js';
import { isInstalled, PROXIES, startProxy, type Proxy } from './proxies.js';

const CLIENTS = 12;

// How long nginx may take to read its file again, at least.
const DRAIN_DELAY_MS = '1000';

/**
 * Restarts processes behind nginx as docs/deploying.md says, and prints the outcome. It goes on until so many requests were sent. Returns whether
 * none was lost or refused.
 */
export async function tryRollingRestart(leastRequests: number): Promise<boolean> {
  const nginx = PROXIES.find(({ name }) => name === 'nginx')!;
  if (!isInstalled(nginx)) {
    say('rolling restart behind nginx: NOT TRIED, since nginx is not installed');
    return true;
  }
  const beganAt = performance.now();
  const { restarts, requests, created, failures } = await restartUnderLoad(nginx, leastRequests);
  const seconds = Math.round((performance.now() - beganAt) / 1_000);
  say(
    `rolling restart behind nginx: ${restarts} restarts, ${requests} requests, ${created} items created, ${failures.length} failures (${seconds} s)`,
  );
  for (const failure of failures.slice(0, 20)) say(failure);
  return failures.length === 0 && requests >= leastRequests;
}

async function restartUnderLoad(nginx: Proxy, leastRequests: number): Promise<LoadResult & { restarts: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'items-rolling-'));
  const cluster = await startCluster();
  const ports = [await pickFreePort(), await pickFreePort(), await pickFreePort()];
  let proxy;
  try {
    const start = (port: number) => startReady(port, cluster.databaseUrl);
    const services = await Promise.all(ports.map(start));
    const place = { folder, port: await pickFreePort(), servicePort: ports[0]!, access: 'proxy' } as const;
    proxy = await startProxy(before(nginx, ports), place);
    const load = new SteadyLoad(senderTo(proxy.port), CLIENTS, leastRequests);
    let restarts = 0;
    for (; restarts < ports.length || load.requests < leastRequests; restarts += 1) {
      const index = restarts % ports.length;
      await proxy.reload(before(nginx, ports, ports[index]));
      const { exitCode } = await services[index]!.stop();
      if (exitCode !== 0) throw new Error(`A process ended with ${exitCode}`);
      services[index] = await start(ports[index]!);
      await proxy.reload(before(nginx, ports));
    }
    return { ...(await load.stop()), restarts };
  } finally {
    await proxy?.stop();
    await killServices();
    await cluster.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startReady(port: number, databaseUrl: string): Promise<ServiceProcess> {
  const environment = {
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    AUTH: 'off',
    DRAIN_DELAY_MS,
    ALLOWED_HOSTS: '127.0.0.1',
  };
  const service = await ServiceProcess.start({ environment });
  const probe = new Caller(`http://127.0.0.1:${port}`);
  while ((await probe.get('/health/ready')).status !== 200) await setTimeout(20);
  probe.close();
  return service;
}

/** nginx before all processes, one of them marked as down. */
function before(nginx: Proxy, ports: number[], down?: number): Proxy {
  const lines = ports.map((port) => `server 127.0.0.1:${port} max_fails=0${port === down ? ' down' : ''};`);
  return {
    ...nginx,
    changes: ({ port, servicePort }) => [
      ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
      [`server 127.0.0.1:${servicePort} max_fails=0;`, lines.join('\n')],
    ],
  };
}

function senderTo(port: number) {
  const agent = new Agent({ rejectUnauthorized: false });
  const call = callerOf(port, agent, LOGIN);
  return {
    call: (method: string, target: string, { json }: { json?: object }) => call(method, target, {}, json),
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
