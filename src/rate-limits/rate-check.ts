import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/config.js';
import type { RateLimit } from '../config/settings/rate-limit.js';
import type { Rate } from '../contract/operation.js';
import type { HeadCheck } from '../http/head/head-judge.js';
import { Tally } from '../counting/tally.js';
import { ClientAddress } from './client-address.js';
import { Quota, type Left } from './quota.js';
import { policyField, rateLimitWriter } from './rate-limits.fields.js';
import { quotaExceeded, quotaTooSmall } from './rate-limits.problems.js';

/** One limit. What is the same in all answers is made once. */
interface Policy {
  name: Rate;
  quota: Quota;
  field: string;
  rateLimitOf: (left: Left) => string;
}

/** Counts the requests of each caller, or of each address without one, by the rate of their operation. */
@Injectable()
export class RateCheck implements HeadCheck {
  readonly isInForce: boolean;
  /** How many requests were refused, by their rate. */
  readonly refused = new Tally(['read', 'write']);
  private readonly policies: Partial<Record<Rate, Policy>>;

  constructor(
    @Inject(CONFIG) { rateLimits }: Pick<Config, 'rateLimits'>,
    private readonly addresses: ClientAddress,
  ) {
    const limited = Object.entries(rateLimits).filter((entry): entry is [Rate, RateLimit] => entry[1] !== null);
    this.policies = Object.fromEntries(limited.map(([name, limit]) => [name, policyOf(name, limit)]));
    this.isInForce = Object.keys(this.policies).length > 0;
  }

  /**
   * Sets RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-11). Problem: quotaExceeded (429). Without a
   * limit for this operation nothing is counted.
   */
  check(request: FastifyRequest, reply: FastifyReply): void {
    const policy = this.policyFor(request);
    if (!policy) return;
    const left = policy.quota.use(this.nameOf(request));
    reply.header('ratelimit-policy', policy.field).header('ratelimit', policy.rateLimitOf(left));
    if (!left.isExceeded) return;
    this.refused.count(policy.name);
    throw quotaExceeded(policy.name, left.seconds);
  }

  /**
   * Counts a request as that many more, which only its body shows. If they are not all left, none of them is counted. Problems:
   * quotaExceeded, quotaTooSmall (429).
   */
  countMore(request: FastifyRequest, reply: FastifyReply, requests: number): void {
    const policy = this.policyFor(request);
    if (!policy || requests === 0) return;
    const left = policy.quota.useMore(this.nameOf(request), requests);
    reply.header('ratelimit', policy.rateLimitOf(left));
    if (!left.isExceeded) return;
    this.refused.count(policy.name);
    const [wanted, { quota }] = [requests + 1, policy.quota.limit];
    throw wanted > quota ? quotaTooSmall(policy.name, wanted, quota) : quotaExceeded(policy.name, left.seconds, wanted);
  }

  private policyFor({ route }: FastifyRequest): Policy | undefined {
    const { rate } = route.operation ?? {};
    return rate && this.policies[rate];
  }

  private nameOf(request: FastifyRequest): string {
    return request.caller?.id ?? this.addresses.of(request);
  }
}

function policyOf(name: Rate, limit: RateLimit): Policy {
  return { name, quota: new Quota(limit), field: policyField(name, limit), rateLimitOf: rateLimitWriter(name) };
}
