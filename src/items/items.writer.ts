import { HttpException, Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { DatabaseFault } from '../database/database-fault.js';
import type { Item } from './item.entity.js';
import { ItemsRepository } from './items.repository.js';
import { decide, type Command, type Decision } from './items.rules.js';

/** How often a change is decided anew because another process changed the item in between. */
const MAX_ATTEMPTS = 10;

/** The one way of every change: read, decide, write, one command after the other. */
@Injectable()
export class ItemsWriter {
  private last: Promise<unknown> = Promise.resolve();
  /** The latest fault that struck everybody who waited, and how many there were. */
  private outage = { count: 0, fault: undefined as DatabaseFault | undefined };

  constructor(
    private readonly repository: ItemsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Carries out a command once all earlier ones are done. Throws the problem that refuses it, or DatabaseFault; then
   * nothing was changed.
   */
  execute(command: Command, requestId: string): Promise<Decision> {
    const { count } = this.outage;
    const result = this.last.then(() => {
      // A busy or full database is that for everybody who waits: nobody waits for it again behind the others.
      if (this.outage.count > count) throw this.outage.fault;
      return this.attempt(command, requestId);
    });
    this.last = result.catch(() => undefined);
    return result;
  }

  private async attempt(command: Command, requestId: string): Promise<Decision> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.decideAndSave(command, requestId);
      } catch (error) {
        const isConflict = error instanceof DatabaseFault && error.kind === 'conflict';
        if (isConflict && attempt < MAX_ATTEMPTS) continue;
        const fault = isConflict ? new DatabaseFault('unavailable', error) : error;
        if (fault instanceof DatabaseFault) this.outage = { count: this.outage.count + 1, fault };
        throw fault;
      }
    }
  }

  private async decideAndSave(command: Command, requestId: string): Promise<Decision> {
    const now = this.clock().toISOString();
    const current = (await this.repository.findManyToChange([command.id])).get(command.id);
    const decision = decide(current, command, now);
    if (decision instanceof HttpException) throw decision;
    if (decision.operation)
      await this.repository.saveMany([changeOf(decision.next, decision.operation, requestId, now)]);
    return decision;
  }
}

function changeOf(item: Item, operation: NonNullable<Decision['operation']>, requestId: string, at: string) {
  const snapshot = operation === 'delete' ? null : item;
  return { item, version: { itemId: item.id, version: item.version, operation, snapshot, requestId, at } };
}
