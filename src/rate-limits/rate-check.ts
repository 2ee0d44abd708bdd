import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { serializeList } from 'structured-headers';
import { CONFIG, type Config } from '../config/config.js';
import type { Rate } from '../contract/operation.js';
import type { HeadCheck } from '../http/head/head-judge.js';
import { ClientAddress } from './client-address.js';
import { Quota, type Left } from './quota.js';
import { quotaExceeded } from './rate-limits.problems.js';

interface Policy {
  quota: Quota;
  /** The value of RateLimit-Policy. */
  field: string;
}

/** Counts the requests of each caller, or of each address without one, by the rate of their operation. */
@Injectable()
export class RateCheck implements HeadCheck {
  readonly isInForce: boolean;
  private readonly policies: Partial<Record<Rate, Policy>>;

  constructor(
    @Inject(CONFIG) { rateLimits }: Pick<Config, 'rateLimits'>,
    private readonly addresses: ClientAddress,
  ) {
    this.policies = Object.fromEntries(
      Object.entries(rateLimits).flatMap(([rate, limit]) => {
        if (!limit) return [];
        const field = list(rate, { q: limit.quota, w: limit.windowSeconds });
        return [[rate, { quota: new Quota(limit), field }]];
      }),
    );
    this.isInForce = Object.keys(this.policies).length > 0;
  }

  /**
   * Sets RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-11). Problem: quotaExceeded (429). Without a
   * limit for this operation it returns at once.
   */
  check(request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    const rate = request.route.operation?.rate;
    const policy = rate && this.policies[rate];
    return policy && this.count(rate, policy, request, reply);
  }

  private async count(
    rate: Rate,
    { quota, field }: Policy,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const left = await quota.use(request.caller?.id ?? this.addresses.of(request));
    reply.header('ratelimit-policy', field).header('ratelimit', fieldOf(rate, left));
    if (left.isExceeded) throw quotaExceeded(rate, left.seconds);
  }
}

function fieldOf(rate: Rate, { requests, seconds }: Left): string {
  return list(rate, { r: requests, t: seconds });
}

function list(name: string, parameters: Record<string, number>): string {
  return serializeList([[name, new Map(Object.entries(parameters))]]);
}
