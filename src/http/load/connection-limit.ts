import { readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { MONOTONIC_CLOCK, type MonotonicClock } from '../../config/clock.js';
import { LOGGER } from '../../telemetry/logger.js';
import { OnceAMinute } from '../../telemetry/once-a-minute.js';

/** Files that are kept for everything but connections of clients: the database, the log, the threads of Node. */
const KEPT_FILES = 100;

/**
 * Keeps connections of clients from taking all files that the process may open: those of the database would fail then. Node closes what comes
 * beyond, before it reads anything.
 */
@Injectable()
export class ConnectionLimit {
  /** How many connections were closed so far. */
  closed = 0;
  private toldClosed = 0;
  private readonly once: OnceAMinute;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(MONOTONIC_CLOCK) now: MonotonicClock,
  ) {
    this.once = new OnceAMinute(now);
  }

  watch(server: Server, openFiles = mostOpenFiles()): void {
    if (openFiles === undefined) return;
    server.maxConnections = connectionsFor(openFiles);
    server.on('drop', () => this.note(server.maxConnections));
  }

  private note(connections: number): void {
    this.closed += 1;
    if (!this.once.may()) return;
    this.logger.warn(
      { connections, closed: this.closed - this.toldClosed },
      'New connections are closed: the process may not open more files',
    );
    this.toldClosed = this.closed;
  }
}

/** How many connections there may be if the process may open so many files. */
export function connectionsFor(openFiles: number): number {
  return Math.ceil(Math.max(openFiles - KEPT_FILES, openFiles / 2));
}

/** How many files the system lets this process have open. Undefined if it does not say so, as on other systems than Linux. */
function mostOpenFiles(): number | undefined {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}
