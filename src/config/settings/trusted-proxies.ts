import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A range of addresses: its first address, and how many bits all of them share. */
export type AddressRange = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** A setting that lists addresses and CIDR ranges (RFC 4632 §3.1, RFC 4291 §2.3). */
export const ADDRESS_RANGES = {
  fallback: '',
  expected: 'IP addresses or CIDR ranges, separated by commas, such as 10.0.0.0/8,::1',
  parse: parseAddressRanges,
};

function parseAddressRanges(text: string): AddressRange[] | undefined {
  const ranges = text.split(',').map((one) => rangeOf(one.trim()));
  return ranges.includes(undefined) ? undefined : (ranges as AddressRange[]);
}

function rangeOf(text: string): AddressRange | undefined {
  const [address = '', bits] = text.split('/');
  // ipaddr.js also takes 10 and 0x7f.1, which are read in different ways.
  if (isIP(address) === 0 || address.includes('%')) return undefined;
  // Addresses of clients are compared as IPv4 where they are IPv4.
  if (/^::ffff:/i.test(address)) return undefined;
  if (bits !== undefined) return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : undefined;
  const parsed = ipaddr.parse(address);
  return [parsed, parsed.kind() === 'ipv4' ? 32 : 128];
}
