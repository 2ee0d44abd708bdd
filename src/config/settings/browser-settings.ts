import { isIPv4, isIPv6 } from 'node:net';
import { nameOfHost } from './host-name.js';
import { Misfit } from './misfit.js';

/** RFC 1123 §2.1, and underscores, which networks of containers have. A name does not end with a label of digits. */
const HOST_NAME = /^(?!.*(?:^|\.)\d+\.?$)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?$/;

/** `ALLOWED_HOSTS`. The hosts come as {@link nameOfHost} gives them. */
export const ALLOWED_HOSTS = {
  fallback: '',
  expected: 'host names or IP addresses, without ports, separated by commas',
  parse: (text: string) => listOf(text, hostIn),
};

/** `CORS_ORIGINS`. Messages do not show it, since a URL may hold a password. */
export const CORS_ORIGINS = {
  fallback: '',
  expected: 'origins such as https://app.example.org, separated by commas',
  parse: (text: string) => listOf(text, originIn),
  secret: true,
};

function hostIn(text: string): string | undefined {
  const address = text.replace(/^\[(.*)\]$/, '$1');
  if (isIPv6(address)) return nameOfHost(`[${address}]`);
  return isIPv4(text) || HOST_NAME.test(text) ? nameOfHost(text) : undefined;
}

// Browsers write an origin in one way only (RFC 6454 §6.2), and it is compared whole.
function originIn(text: string): string | Misfit | undefined {
  if (text === '*') return new Misfit('origins, each by its name: * would let in every web page');
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { origin, hostname } = new URL(text);
  if (hostIn(hostname) === undefined) return undefined;
  return text === origin ? text : new Misfit(`origins as browsers write them, such as ${origin}`);
}

function listOf(text: string, parse: (one: string) => string | Misfit | undefined): string[] | Misfit | undefined {
  if (text === '') return [];
  const parsed = text.split(',').map((one) => parse(one.trim()));
  if (parsed.includes(undefined)) return undefined;
  const expected = parsed.flatMap((one) => (one instanceof Misfit ? one.expected : []));
  return expected.length > 0 ? new Misfit(...expected) : [...new Set(parsed as string[])];
}
