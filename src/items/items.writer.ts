import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { DatabaseFault } from '../database/database-fault.js';
import { Gatherer } from '../database/gatherer.js';
import { ItemsRepository, type WriteSide } from './items.repository.js';
import { decideAll, type Decision, type Order } from './items.rules.js';

const GROUP_LIMITS = { maxCalls: 500, maxBytes: 4 * 1024 * 1024 };

/** What became of one order: done, refused by a problem, or refused by the database for its data. */
type Outcome = Decision | Error;

/**
 * The one way of every change. Orders that come while others are being written form a group: it is read by one statement,
 * decided in order by pure code, and written as one set, or not at all.
 */
@Injectable()
export class ItemsWriter {
  private readonly gatherer: Gatherer<Order, Outcome>;

  constructor(
    private readonly repository: ItemsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    const run = (orders: Order[]) => this.carryOut(orders);
    const limits = { ...GROUP_LIMITS, maxGroupsInFlight: repository.maxWritesInFlight };
    this.gatherer = new Gatherer({ run, keyOf: ({ command }) => command.id, bytesOf }, limits);
  }

  /**
   * Carries out an order after all earlier ones for the same id. Throws the problem that refuses it, or DatabaseFault for
   * what strikes everybody (busy, full, gone).
   */
  async execute(order: Order): Promise<Decision> {
    const outcome = await this.gatherer.call(order);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }

  private async carryOut(orders: Order[]): Promise<Outcome[]> {
    try {
      return await this.attempt(orders);
    } catch (error) {
      if (error instanceof DatabaseFault) {
        // Nobody waits for a busy or full database again behind the others.
        this.gatherer.failWaiting(error);
        throw error;
      }
      // Data that the database refuses: the culprit fails alone.
      if (orders.length === 1) return [error as Error];
      const middle = Math.ceil(orders.length / 2);
      const first = await this.carryOut(orders.slice(0, middle));
      return [...first, ...(await this.carryOut(orders.slice(middle)))];
    }
  }

  // Another process that wrote one of the versions first makes the group decide once more, under the lock.
  private async attempt(orders: Order[]): Promise<Outcome[]> {
    try {
      return await this.decideAndSave(orders, this.repository.writeSide);
    } catch (error) {
      if (!(error instanceof DatabaseFault && error.kind === 'conflict')) throw error;
      return this.repository.underLock((side) => this.decideAndSave(orders, side));
    }
  }

  private async decideAndSave(orders: Order[], side: WriteSide): Promise<Outcome[]> {
    const now = this.clock().toISOString();
    const rows = await side.findMany([...new Set(orders.map(({ command }) => command.id))]);
    const { outcomes, changes } = decideAll(rows, orders, now);
    if (changes.length > 0) await side.saveMany(changes);
    return outcomes;
  }
}

// Near enough to what the group's statement will hold.
function bytesOf({ command }: Order): number {
  return command.kind === 'delete' ? 0 : 2 * JSON.stringify(command.content).length;
}
