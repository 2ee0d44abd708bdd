import { lookup } from 'node:dns/promises';
import { ConfigError } from './config/config.js';
import { isLoopback } from './config/settings/loopback.js';

/**
 * The address that HOST leads to, as the system resolves it. Throws ConfigError if HOST is `localhost` and leads elsewhere, as a line of
 * /etc/hosts can have it: the settings were read as those of a service on loopback. Rejects with an error of Node if it leads nowhere.
 */
export async function addressOf(host: string, resolve: typeof lookup = lookup): Promise<string> {
  const { address } = await resolve(host);
  if (isLoopback(host) && !isLoopback(address)) {
    throw new ConfigError([`HOST=${host} leads to ${address}, which is not loopback: set HOST to the address itself`]);
  }
  return address;
}
