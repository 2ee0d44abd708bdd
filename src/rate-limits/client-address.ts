import type { Socket } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { CONFIG, type Config } from '../config/config.js';
import { pathInForwarded, pathInXForwardedFor, type Path } from './forwarded.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Networks of IPv6 are given out by /64 (RFC 6177): whoever has one address has all of its network. */
const NETWORK_BYTES = 8;

/** Who sent a request to this service: a client or a proxy. */
interface Peer {
  address: Address;
  network: string;
  isTrusted: boolean;
}

/** Tells from which address a request came. */
@Injectable()
export class ClientAddress {
  /** The peer of a connection stays the same. */
  private readonly peers = new WeakMap<Socket, Peer>();

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'trustedProxies'>) {}

  /**
   * The address of the client, as limits count it: IPv4, or the /64 network of IPv6. Proxies that are trusted say for whom
   * they forward, in `Forwarded` or `X-Forwarded-For`. If a request has both, and they name different clients, one of them
   * was passed on unchecked: then the proxy itself counts.
   */
  of({ headers, raw: { socket } }: FastifyRequest): string {
    const peer = this.peerOf(socket);
    if (!peer.isTrusted) return peer.network;
    const paths = [pathInForwarded(headers), pathInXForwardedFor(headers)].filter(({ length }) => length > 0);
    const clients = new Set(paths.map((path) => networkOf(this.clientIn(path, peer.address))));
    const [client = peer.network] = clients;
    return clients.size > 1 ? peer.network : client;
  }

  private peerOf(socket: Socket): Peer {
    const known = this.peers.get(socket);
    if (known) return known;
    const address = parsed(socket.remoteAddress) ?? ipaddr.parse('::');
    const peer = { address, network: networkOf(address), isTrusted: this.isTrusted(address) };
    this.peers.set(socket, peer);
    return peer;
  }

  /** Each trusted proxy is believed about the one before it. */
  private clientIn(path: Path, peer: Address): Address {
    let client = peer;
    for (const hop of path.toReversed()) {
      const before = parsed(hop);
      if (!before || !this.isTrusted(client)) break;
      client = before;
    }
    return client;
  }

  private isTrusted(address: Address): boolean {
    return this.config.trustedProxies.some(
      ([first, bits]) => first.kind() === address.kind() && address.match([first, bits] as [ipaddr.IPv4, number]),
    );
  }
}

/** IPv4 also where it is written as IPv6, as sockets do that take both (RFC 4291 §2.5.5.2). */
function parsed(text = ''): Address | undefined {
  return ipaddr.isValid(text) ? ipaddr.process(text) : undefined;
}

function networkOf(address: Address): string {
  if (address.kind() === 'ipv4') return address.toString();
  const bytes = address.toByteArray().fill(0, NETWORK_BYTES);
  return `${ipaddr.fromByteArray(bytes).toString()}/64`;
}
