import { HttpException } from '@nestjs/common';
import type { ItemVersion } from './item-version.js';
import type { Attributes, Item } from './item.entity.js';
import { itemExists, itemIdDiffers, itemNotFound } from './items.problems.js';

/** What clients write of an item. */
export interface ItemContent {
  name: string;
  description?: string;
  attributes?: Attributes;
}

/** A change that somebody asks for. */
export type Command = { id: string } & (
  | { kind: 'create'; content: ItemContent }
  | { kind: 'replace'; content: ItemContent; idInBody?: string }
  | { kind: 'delete' }
);

/** A command, and the request that gave it. */
export interface Order {
  command: Command;
  /** X-Request-Id. */
  requestId: string;
  /** UUID of the service's own, unique per command. */
  commandId: string;
}

/** A change that was decided on: the row as it will be, and its version. */
export interface Change {
  item: Item;
  version: ItemVersion;
}

/** The next state under a command. Without an operation nothing changes, and nothing is to be written. */
export interface Decision {
  next: Item;
  operation?: ItemVersion['operation'];
}

/**
 * The next state of an id under one command, or the problem that refuses it. Pure: reads no clock, no database.
 * `current` is the row of the id, a tombstone too; `now` is RFC 3339 in UTC.
 * Problems: itemExists, itemIdDiffers (409), itemNotFound (404).
 */
export function decide(current: Item | undefined, command: Command, now: string): Decision | HttpException {
  const { id } = command;
  const existing = current?.deletedAt === null ? current : undefined;
  switch (command.kind) {
    case 'create':
      return existing ? itemExists(id) : create(id, current, command.content, now);
    case 'replace':
      if (command.idInBody !== undefined && command.idInBody !== id) return itemIdDiffers(id, command.idInBody);
      return existing ? replace(existing, command.content, now) : create(id, current, command.content, now);
    case 'delete':
      if (!existing) return itemNotFound(id, current?.deletedAt);
      return {
        operation: 'delete',
        next: { ...existing, version: existing.version + 1, updatedAt: now, deletedAt: now },
      };
  }
}

/**
 * Decides orders one after the other, each on what the ones before it made of the `rows`. Pure, like decide. `outcomes`
 * stand in the order of the orders; `changes` are what is to be written.
 */
export function decideAll(
  rows: Map<string, Item>,
  orders: Order[],
  now: string,
): { outcomes: (Decision | HttpException)[]; changes: Change[] } {
  const state = new Map(rows);
  const changes: Change[] = [];
  const outcomes = orders.map((order) => {
    const { command } = order;
    const decision = decide(state.get(command.id), command, now);
    if (!(decision instanceof HttpException) && decision.operation) {
      state.set(command.id, decision.next);
      changes.push({ item: decision.next, version: versionOf(decision.next, decision.operation, order, now) });
    }
    return decision;
  });
  return { outcomes, changes };
}

function versionOf(item: Item, operation: ItemVersion['operation'], order: Order, at: string): ItemVersion {
  const { requestId, commandId } = order;
  const snapshot = operation === 'delete' ? null : item;
  return { itemId: item.id, version: item.version, operation, snapshot, requestId, commandId, at };
}

// A tombstone hands on its version, so that no entity-tag from before the delete ever matches again.
function create(id: string, tombstone: Item | undefined, content: ItemContent, now: string): Decision {
  const version = (tombstone?.version ?? 0) + 1;
  const next = { id, ...contentOf(content), version, createdAt: now, updatedAt: now, deletedAt: null };
  return { operation: 'create', next };
}

function replace(existing: Item, content: ItemContent, now: string): Decision {
  const next = { ...existing, ...contentOf(content), version: existing.version + 1, updatedAt: now };
  return isSameContent(existing, next) ? { next: existing } : { operation: 'replace', next };
}

function contentOf({ name, description = null, attributes = {} }: Partial<Item> | ItemContent) {
  return { name: name as string, description, attributes };
}

// The order of members counts, since it is what a reader gets.
function isSameContent(one: Item, other: Item): boolean {
  return JSON.stringify(contentOf(one)) === JSON.stringify(contentOf(other));
}
