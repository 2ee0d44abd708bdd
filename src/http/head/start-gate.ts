import type { FastifyRequest } from 'fastify';
import { starting } from './head.problems.js';

/** Shut until the service is ready: what it listens for before that, it can't serve yet. */
export class StartGate {
  isOpen = false;
}

/** How long a start takes that migrates nothing. */
const RETRY_AFTER_SECONDS = 1;

/** Problem: starting (503), to everybody but probes. */
export function checkStarted({ server, route }: FastifyRequest): void {
  if (!route.operation?.isProbe) requireOpen(server.startGate);
}

/** Problem: starting (503). */
export function requireOpen(gate: StartGate): void {
  if (!gate.isOpen) throw starting(RETRY_AFTER_SECONDS);
}
