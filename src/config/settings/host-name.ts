/**
 * The host in a Host field or an authority: without port and final dot, in lower case. An IPv6 address is in brackets and in
 * its one short spelling. Empty if there is only a port, or nothing.
 */
export function nameOfHost(authority: string): string {
  if (authority.startsWith('[')) {
    const url = `http://${authority}`;
    return URL.canParse(url) ? new URL(url).hostname : authority;
  }
  const colon = authority.indexOf(':');
  const host = (colon < 0 ? authority : authority.slice(0, colon)).toLowerCase();
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
