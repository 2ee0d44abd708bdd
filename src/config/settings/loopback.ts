import { isIPv4 } from 'node:net';

/** Whether only this machine can reach an address or name (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3, RFC 6761 §6.3). */
export function isLoopback(host: string): boolean {
  return host === '::1' || host.toLowerCase() === 'localhost' || (isIPv4(host) && host.startsWith('127.'));
}

/** The same for the host of an absolute URL. */
export function isLoopbackUrl(url: string): boolean {
  return isLoopback(new URL(url).hostname.replaceAll(/[[\]]/g, ''));
}
