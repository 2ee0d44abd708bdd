import { mkdtemp, rm } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pickFreePort } from '../support/postgres/free-port.js';
import { killServices, ServiceProcess } from '../support/service-process.js';
import { promises, promisesOfItems, type Promises } from './promises.js';
import { isInstalled, PROXIES, startProxy } from './proxies.js';
import { Relay } from './relay.js';

/** What `npm run keys` runs. */
const KEYS_COMMAND = fileURLToPath(new URL('../../dist/src/bin/keys.js', import.meta.url));

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
  const isKeptByItems = await tryWith(proxy, 'Items', promisesOfItems);
  return (await tryWith(proxy, 'proxy', promises)) && isKeptByItems;
}

async function tryWith(
  proxy: (typeof PROXIES)[number],
  access: 'proxy' | 'Items',
  promisesOf: Promises,
): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'items-proxy-'));
  const database = { DATABASE_URL: `sqlite:${join(folder, 'items.sqlite')}` };
  const AUTH = access === 'Items' ? 'required' : 'off';
  const service = await ServiceProcess.start({ environment: { ...database, SEED: 'off', AUTH } });
  const key = await newKey(database);
  const relay = await Relay.start(Number(new URL(service.url).port));
  let running;
  let broken = 0;
  try {
    running = await startProxy(proxy, { folder, port: await pickFreePort(), servicePort: relay.port, access });
    for (const [promise, keep] of promisesOf({ port: running.port, service, relay, key })) {
      const fault = await keep().then(
        () => undefined,
        (error: Error) => error.message,
      );
      say(
        `${proxy.name}, access by ${access === 'proxy' ? 'the proxy' : access}: ${fault === undefined ? 'kept' : 'BROKEN'}: ${promise}${fault === undefined ? '' : `\n${fault}`}`,
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

async function newKey(database: { DATABASE_URL: string }): Promise<string> {
  const parameters = ['create', '--name', 'proxies', '--scopes', 'items:read,items:write', '--quiet'];
  const env = { PATH: process.env.PATH, ...database };
  const { stdout } = await promisify(execFile)(process.execPath, [KEYS_COMMAND, ...parameters], { env });
  return stdout.trim();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
