import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Requests behind which Node's parser drops bytes, or may, with the bytes that the connection has read at their end if not. */
const cutOff = new WeakMap<IncomingMessage, number>();

/**
 * RFC 9110 §7.8: an offer to go on in another protocol is ignored. Node's parser stops behind it all the same, and what is
 * left of the packet is dropped: so the connection is kept only if nothing is left. Must be called before Node has
 * parsed on.
 */
export function noteUpgrade({ raw }: FastifyRequest): void {
  // RFC 9110 §7.8: without it in Connection there is no offer, and the parser doesn't stop.
  if (raw.headers.upgrade === undefined || !/upgrade/i.test(raw.headers.connection ?? '')) return;
  const [bytesBehind, length] = [bytesBehindHead(raw), lengthOf(raw)];
  if (bytesBehind !== length) cutOff.set(raw, raw.socket.bytesRead - (bytesBehind ?? Number.NaN) + length);
}

/** Whether something behind this request may be lost. */
export function isCutOff({ raw }: FastifyRequest): boolean {
  return cutOff.has(raw);
}

/** Calls back if the content comes and nothing behind it in the last of its packets: then nothing was lost. */
export function whenBodyCameAlone({ raw }: FastifyRequest, then: () => void): void {
  const bytesAtEnd = cutOff.get(raw);
  raw.once('end', () => {
    if (raw.socket.bytesRead === bytesAtEnd && cutOff.delete(raw)) then();
  });
}

/** How long the content is; NaN in chunks, whose end the head does not tell. */
function lengthOf({ rawHeaders, headers }: IncomingMessage): number {
  const isChunked = rawHeaders.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'transfer-encoding');
  return isChunked ? Number.NaN : Number(headers['content-length'] ?? 0);
}

/** How many bytes of the packet are behind the head; undefined if it did not come first in this packet, and whole. */
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
