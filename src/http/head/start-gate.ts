import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { HeadCheck } from './head-judge.js';
import { starting } from './start-gate.problems.js';

/** How long a start takes that migrates nothing. */
const RETRY_AFTER_SECONDS = 1;

/** Shut until the service is ready: what it listens for before that, it can't serve yet. */
@Injectable()
export class StartGate implements HeadCheck {
  private isOpen = false;

  /** Lets requests through from now on. */
  open(): void {
    this.isOpen = true;
  }

  /** Problem: starting (503), to everybody but probes. */
  check({ route }: FastifyRequest): void {
    if (!route.operation?.isProbe) this.requireOpen();
  }

  /** Problem: starting (503). */
  requireOpen(): void {
    if (!this.isOpen) throw starting(RETRY_AFTER_SECONDS);
  }
}
