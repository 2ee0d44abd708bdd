import type { IncomingHttpHeaders } from 'node:http';

/**
 * The addresses from which a request came, as proxies noted them, the nearest last. `undefined` stands for a sender that a
 * proxy did not name. Without such a field there are none.
 */
export type Path = (string | undefined)[];

const ELEMENT = /(?:[^,"]|"(?:[^"\\]|\\.)*")+/g;
const FOR = /(?:^|;)[ \t]*for=(?:"((?:[^"\\]|\\.)*)"|([^;"]*))/i;

/** IPv6 in brackets, or IPv4, each with an optional port. */
const NODE = /^(?:\[([\da-f:.]+)\]|(\d+\.\d+\.\d+\.\d+))(?::[\w.-]+)?$/i;

/** The path in `Forwarded` (RFC 7239 §4). */
export function pathInForwarded({ forwarded = '' }: IncomingHttpHeaders): Path {
  return (forwarded.match(ELEMENT) ?? []).map((element) => {
    const [, quoted, token] = FOR.exec(element.trim()) ?? [];
    return addressIn(quoted?.replaceAll(/\\(.)/g, '$1') ?? token?.trim() ?? '');
  });
}

/** The path in `X-Forwarded-For`, which no standard defines: addresses, at times with a port. */
export function pathInXForwardedFor({ 'x-forwarded-for': field = '' }: IncomingHttpHeaders): Path {
  const hops = String(field).split(',');
  return field === '' ? [] : hops.map((hop) => addressIn(hop.trim()));
}

function addressIn(text: string): string | undefined {
  const [, six, four] = NODE.exec(text) ?? [];
  // X-Forwarded-For has IPv6 without brackets.
  return six ?? four ?? (/^[\da-f]*:[\da-f:.]*:[\da-f:.]*$/i.test(text) ? text : undefined);
}
