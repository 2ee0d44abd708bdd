import { Inject, Injectable } from '@nestjs/common';
import { isIPv4 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../config/config.js';
import { nameOfHost } from '../../config/settings/host-name.js';
import { isLoopback } from '../../config/settings/loopback.js';
import { shortened } from '../../problems/faults.js';
import type { HeadCheck } from '../head/head-judge.js';
import { authorityIn } from '../head/target.js';
import { misdirected } from '../wire/message.problems.js';

/** The most spellings of Host that are remembered. Anybody can send many, since the port does not count. */
const MOST_ACCEPTED = 64;

/** The settings that say for which hosts the service answers. */
type Settings = Pick<Config, 'auth' | 'host' | 'publicUrl' | 'allowedHosts'>;

/**
 * Refuses requests for a host that is not ours. A web page whose name was made to lead to this machine (DNS rebinding) reaches
 * a service on loopback, and to the browser it is of one origin with it. But the browser sends the name of the page in Host.
 */
@Injectable()
export class HostCheck implements HeadCheck {
  readonly isInForce: boolean;
  private readonly names: ReadonlySet<string>;
  private readonly isLocal: boolean;
  /** Hosts that were accepted, as they were sent. Clients send few of them, again and again. */
  private readonly accepted = new Set<string>();

  constructor(@Inject(CONFIG) { auth, host, publicUrl, allowedHosts }: Settings) {
    this.isLocal = auth === 'off' && isLoopback(host);
    const ofPublicUrl = this.isLocal && publicUrl !== undefined ? [nameOfHost(new URL(publicUrl).host)] : [];
    this.names = new Set([...allowedHosts, ...ofPublicUrl]);
    this.isInForce = this.isLocal || allowedHosts.length > 0;
  }

  /**
   * Problem: misdirected (421, RFC 9110 §7.4). A request that names no host names no other one: probes in HTTP/1.0 send none,
   * browsers always do. Probes are let through, since orchestrators send them to an address, and they show nothing.
   */
  check({ originalUrl, headers, route }: FastifyRequest): void {
    // RFC 9112 §3.2.2: the authority of an absolute target replaces Host.
    const host = (originalUrl.startsWith('/') ? undefined : authorityIn(originalUrl)) ?? headers.host;
    if (host === undefined || this.accepted.has(host) || route.operation?.isProbe) return;
    if (!this.isOurs(nameOfHost(host))) throw misdirected(shortened(host));
    if (this.accepted.size < MOST_ACCEPTED) this.accepted.add(host);
  }

  private isOurs(name: string): boolean {
    return name === '' || this.names.has(name) || (this.isLocal && isOfLoopback(name));
  }
}

// RFC 6761 §6.3: browsers resolve `localhost` and all names under it to loopback, without asking anybody.
function isOfLoopback(name: string): boolean {
  if (name === '[::1]' || name === 'localhost' || name.endsWith('.localhost')) return true;
  return name.startsWith('127.') && isIPv4(name);
}
