import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Requests behind which Node's parser may drop bytes -> how many bytes the connection has read at their end if it drops none. */
const cutOff = new WeakMap<IncomingMessage, number>();

/**
 * Notes a request that offers an upgrade. The offer is ignored (RFC 9110 §7.8), but Node's parser stops behind it and drops
 * the rest of the packet, so the connection is kept only if there is no rest. Must be called before Node parses on.
 */
export function noteUpgrade({ raw }: FastifyRequest): void {
  // RFC 9110 §7.8: without `upgrade` in Connection there is no offer, and the parser does not stop.
  if (raw.headers.upgrade === undefined || !/upgrade/i.test(raw.headers.connection ?? '')) return;
  const [bytesBehind, length] = [bytesBehindHead(raw), lengthOf(raw)];
  if (bytesBehind !== length) cutOff.set(raw, raw.socket.bytesRead - (bytesBehind ?? Number.NaN) + length);
}

/** Whether bytes behind this request may be lost. */
export function isCutOff({ raw }: FastifyRequest): boolean {
  return cutOff.has(raw);
}

/** Calls back if the last packet of the body has nothing behind it, so that nothing was lost. */
export function whenBodyCameAlone({ raw }: FastifyRequest, then: () => void): void {
  const bytesAtEnd = cutOff.get(raw);
  raw.once('end', () => {
    if (raw.socket.bytesRead === bytesAtEnd && cutOff.delete(raw)) then();
  });
}

/** The length of the body; NaN if it comes in chunks, since the head does not tell their end. */
function lengthOf({ rawHeaders, headers }: IncomingMessage): number {
  const isChunked = rawHeaders.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'transfer-encoding');
  return isChunked ? Number.NaN : Number(headers['content-length'] ?? 0);
}

/** How many bytes follow the head in its packet; undefined if the packet does not begin with the whole head. */
function bytesBehindHead({ method, url, httpVersion, rawHeaders, socket }: IncomingMessage): number | undefined {
  const { parser } = socket as Socket & { parser?: { getCurrentBuffer?: () => Buffer | undefined } };
  const packet = parser?.getCurrentBuffer?.();
  const end = packet?.indexOf('\r\n\r\n') ?? -1;
  if (!packet || end < 0) return undefined;
  // The first head in the packet that is an offer is this one, since the parser stops behind each.
  const fields = rawHeaders.map((text, at) => (at % 2 === 0 ? `${text}:` : text));
  const sent = packet.toString('latin1', 0, end).replaceAll(/\s/g, '');
  const isThis = sent === [method, url, `HTTP/${httpVersion}`, ...fields].join('').replaceAll(/\s/g, '');
  return isThis ? packet.length - end - '\r\n\r\n'.length : undefined;
}
