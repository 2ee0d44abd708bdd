import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ClientAddress } from './client-address.js';
import { Quota } from './quota.js';
import { quotaExceeded } from './rate-limits.problems.js';

const POLICY = 'refused-credentials';

/** Limits how often one address can try credentials. */
@Injectable()
export class RefusedCredentials {
  /** How many requests were refused for that. */
  limited = 0;
  private readonly quota = new Quota({ quota: 30, windowSeconds: 60 });

  constructor(private readonly addresses: ClientAddress) {}

  /**
   * Counts a request whose credential was refused. Problem: quotaExceeded (429), instead of the 401, after 30 of them in a
   * minute.
   */
  count(request: FastifyRequest): void {
    const { isExceeded, seconds } = this.quota.use(this.addresses.of(request));
    if (!isExceeded) return;
    this.limited += 1;
    throw quotaExceeded(POLICY, seconds);
  }
}
