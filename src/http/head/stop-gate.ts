import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Drain } from '../wire/drain.js';
import type { HeadCheck } from './head-judge.js';
import { shuttingDown } from './stop-gate.problems.js';

/** Refuses requests while the service stops. */
@Injectable()
export class StopGate implements HeadCheck {
  constructor(private readonly drain: Drain) {}

  /** Problem: shuttingDown (503), except for probes, once the running requests are all that is still answered. */
  check({ route }: FastifyRequest): void {
    if (this.drain.ending.aborted && !route.operation?.isProbe) throw shuttingDown(this.drain.secondsLeft);
  }

  /** Problem: shuttingDown (503) from the signal on, also while requests are still served. */
  requireNotStopping(): void {
    if (this.drain.isStopping) throw shuttingDown(this.drain.secondsLeft);
  }
}
