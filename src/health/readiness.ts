import { Inject, Injectable } from '@nestjs/common';
import { MONOTONIC_CLOCK, type MonotonicClock } from '../config/clock.js';
import { Database, type DatabaseState } from '../database/database.js';
import { StartGate } from '../http/head/start-gate.js';
import { StopGate } from '../http/head/stop-gate.js';
import { SearchGate } from '../items/search/search-gate.js';
import { isNearlyFull, spaceOf } from '../database/sqlite/disk-space.js';
import type { ReadinessDto } from './health.dto.js';

/** How long what was found counts, in milliseconds. So probes cost one look at the database a second, however many there are. */
const KEPT_MS = 1_000;

interface Found extends DatabaseState {
  isDiskNearlyFull: boolean | undefined;
}

/** Whether the service can serve now. */
@Injectable()
export class Readiness {
  private kept: { at: number; found: Promise<Found> } | undefined;

  constructor(
    private readonly startGate: StartGate,
    private readonly stopGate: StopGate,
    private readonly searchGate: SearchGate,
    private readonly database: Database,
    @Inject(MONOTONIC_CLOCK) private readonly now: MonotonicClock,
  ) {}

  /** Problems: starting, shuttingDown, searchUnready (503). Throws DatabaseFault if the database doesn't answer or was replaced. */
  async check(): Promise<ReadinessDto> {
    this.startGate.requireOpen();
    this.stopGate.requireNotStopping();
    const { access, isNewer, isDiskNearlyFull } = await this.look();
    this.searchGate.requireOpen();
    const { file } = this.database;
    const isLogLarge = file !== undefined && file.logBytes > file.largeLogBytes;
    // A server may be meant to be read-only, a file is not.
    const isUnwritable = access !== 'writable' && file !== undefined;
    return {
      status: isDiskNearlyFull || isUnwritable || isLogLarge ? 'warning' : 'ok',
      database: access,
      schema: isNewer ? 'newer' : 'current',
      ...(isDiskNearlyFull !== undefined && { disk: isDiskNearlyFull ? 'nearly-full' : 'ok' }),
      ...(file && { log: isLogLarge ? 'large' : 'ok', logBytes: file.logBytes }),
    };
  }

  private look(): Promise<Found> {
    const at = this.now();
    if (!this.kept || at - this.kept.at >= KEPT_MS) this.kept = { at, found: this.find() };
    return this.kept.found;
  }

  private async find(): Promise<Found> {
    const [state, space] = await Promise.all([this.database.state(), spaceOf(this.database.file?.path)]);
    return { ...state, isDiskNearlyFull: space && isNearlyFull(space) };
  }
}
