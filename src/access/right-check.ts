import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/config.js';
import type { HeadCheck } from '../http/head/head-judge.js';
import { insufficientScope } from './access.problems.js';

/** Checks that the caller has the right that the operation needs. */
@Injectable()
export class RightCheck implements HeadCheck {
  readonly isInForce: boolean;

  constructor(@Inject(CONFIG) { auth }: Config) {
    this.isInForce = auth === 'required';
  }

  /** Problem: insufficientScope (403). */
  check({ route, caller }: FastifyRequest): void {
    const scope = route.operation?.scope;
    if (scope !== undefined && !caller?.scopes.has(scope)) throw insufficientScope(scope);
  }
}
