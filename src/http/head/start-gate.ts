import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { HeadCheck } from './head-judge.js';
import { starting } from './start-gate.problems.js';

/** How long a start without migrations takes, in whole seconds. */
const RETRY_AFTER_SECONDS = 1;

/** Refuses requests until the service is ready. It listens earlier, while its database opens. */
@Injectable()
export class StartGate implements HeadCheck {
  private isOpen = false;

  /** Lets requests through from now on. */
  open(): void {
    this.isOpen = true;
  }

  /** Problem: starting (503), except for probes. */
  check({ route }: FastifyRequest): void {
    if (!route.operation?.isProbe) this.requireOpen();
  }

  /** Problem: starting (503). */
  requireOpen(): void {
    if (!this.isOpen) throw starting(RETRY_AFTER_SECONDS);
  }
}
