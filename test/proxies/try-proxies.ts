import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pickFreePort } from '../support/postgres/free-port.js';
import { killServices, ServiceProcess } from '../support/service-process.js';
import { promises } from './promises.js';
import { isInstalled, PROXIES, startProxy } from './proxies.js';
import { Relay } from './relay.js';

/** Checks the promises with every installed proxy, and prints the outcome. Returns whether all were kept. */
export async function tryProxies(): Promise<boolean> {
  let areKept = true;
  for (const proxy of PROXIES) {
    if (isInstalled(proxy)) areKept = (await tryProxy(proxy)) && areKept;
    else say(`${proxy.name}: NOT TRIED, since ${proxy.command} is not installed`);
  }
  return areKept;
}

async function tryProxy(proxy: (typeof PROXIES)[number]): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'items-proxy-'));
  const service = await ServiceProcess.start({ environment: { SEED: 'off' } });
  const relay = await Relay.start(Number(new URL(service.url).port));
  let running;
  let broken = 0;
  try {
    running = await startProxy(proxy, { folder, port: await pickFreePort(), servicePort: relay.port });
    for (const [promise, keep] of promises({ port: running.port, service, relay })) {
      const fault = await keep().then(
        () => undefined,
        (error: Error) => error.message,
      );
      say(
        `${proxy.name}: ${fault === undefined ? 'kept' : 'BROKEN'}: ${promise}${fault === undefined ? '' : `\n${fault}`}`,
      );
      broken += fault === undefined ? 0 : 1;
    }
  } finally {
    await running?.stop();
    await killServices();
    await relay.close().catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
  return broken === 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
