import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import type { PatchDocument } from '../http/patch/patch.js';
import { NO_CONDITIONS, type Conditions } from '../http/preconditions.js';
import { invalidCursor } from '../http/problems/http.problems.js';
import type { CreateItemDto } from './dto/create-item.dto.js';
import { ListItemsDto } from './dto/list-items.dto.js';
import type { ReplaceItemDto } from './dto/replace-item.dto.js';
import { listValidatorsOf } from './item-validators.js';
import type { Item } from './item.entity.js';
import { ITEM_ID } from './items.limits.js';
import { itemNotFound } from './items.problems.js';
import { ItemsRepository } from './items.repository.js';
import type { Guard } from './items.rules.js';
import { ItemsWriter } from './items.writer.js';

/** Binds the cursors of GET /items to that listing. */
const LISTING = 'items';

/** What can be done with items. Besides its problems every method throws DatabaseFault. */
@Injectable()
export class ItemsService {
  constructor(
    private readonly repository: ItemsRepository,
    private readonly writer: ItemsWriter,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Problem: itemNotFound (404). */
  async get(id: string): Promise<Item> {
    const item = (await this.repository.findMany([id])).get(id);
    if (!item || item.deletedAt !== null) throw itemNotFound(id, item?.deletedAt);
    return item;
  }

  /** A page by id, and the cursor of the next one. Problem: invalidCursor (400). */
  async list({ limit, cursor }: ListItemsDto): Promise<{ items: Item[]; next: string | null }> {
    const after = cursor === undefined ? undefined : decodeCursor(LISTING, cursor);
    // The checksum is no secret: anybody can make a cursor of anything.
    if (after !== undefined && !ITEM_ID.pattern.test(after)) throw invalidCursor();
    // One more than asked for tells whether there is a next page.
    const found = await this.repository.findPage(after, limit + 1);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: last && found.length > limit ? encodeCursor(LISTING, last.id) : null };
  }

  /** Conditions are on the list. Problems: preconditionFailed (412), itemExists (409). */
  async create({ id, ...content }: CreateItemDto, requestId: string, conditions = NO_CONDITIONS): Promise<Item> {
    const listTag = Array.isArray(conditions.ifNoneMatch) ? await this.listTag() : undefined;
    const command = { kind: 'create', id, content, listTag, guard: { conditions } } as const;
    return (await this.writer.execute({ command, requestId })).next;
  }

  /**
   * Creates the item, or replaces it as a whole. Problems: preconditionRequired (428), preconditionFailed (412),
   * itemIdDiffers (409).
   */
  async replace(
    id: string,
    dto: ReplaceItemDto,
    requestId: string,
    conditions = NO_CONDITIONS,
  ): Promise<{ item: Item; isNew: boolean }> {
    const { id: idInBody, name, description, attributes } = dto;
    const content = { name, description, attributes };
    const command = { kind: 'replace', id, content, idInBody, guard: this.guard(conditions) } as const;
    const decision = await this.writer.execute({ command, requestId });
    return { item: decision.next, isNew: decision.operation === 'create' };
  }

  /**
   * Problems: itemNotFound (404), preconditionRequired (428), preconditionFailed (412), patchDoesNotApply (409),
   * patchResultInvalid (422).
   */
  async patch(id: string, patch: PatchDocument, requestId: string, conditions = NO_CONDITIONS): Promise<Item> {
    const command = { kind: 'patch', id, patch, guard: this.guard(conditions) } as const;
    return (await this.writer.execute({ command, requestId })).next;
  }

  /** Problems: itemNotFound (404), preconditionRequired (428), preconditionFailed (412). */
  async delete(id: string, requestId: string, conditions = NO_CONDITIONS): Promise<void> {
    await this.writer.execute({ command: { kind: 'delete', id, guard: this.guard(conditions) }, requestId });
  }

  private guard(conditions: Conditions): Guard {
    return { conditions, isRequired: this.config.requirePreconditions };
  }

  /** The entity-tag of GET /items without a query. */
  private async listTag(): Promise<string | undefined> {
    const query = new ListItemsDto();
    const { items, next } = await this.list(query);
    return listValidatorsOf(query, items, next).entityTag;
  }
}
