import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import type { PatchDocument } from '../http/patch/patch.js';
import type { ReturnPreference } from '../http/prefer.js';
import { invalidCursor } from '../http/problems/http.problems.js';
import type { Terms } from '../http/terms.js';
import { EVERY_CALLER } from '../idempotency/idempotency-record.entity.js';
import type { CreateItemDto } from './dto/create-item.dto.js';
import { ListItemsDto } from './dto/list-items.dto.js';
import type { ReplaceItemDto } from './dto/replace-item.dto.js';
import { listValidatorsOf } from './item-validators.js';
import type { Item } from './item.entity.js';
import { ITEM_ID } from './items.limits.js';
import { itemNotFound } from './items.problems.js';
import { ItemsRepository } from './items.repository.js';
import type { Command, Guard } from './items.rules.js';
import { ItemsWriter } from './items.writer.js';

/** Binds the cursors of GET /items to that listing. */
const LISTING = 'items';

/** What a change came to. */
export interface Done {
  /** The item after the change; after a delete, as it was. */
  item: Item;
  /** Whether it was created. */
  isNew: boolean;
  /** Whether it had been made before, under the same Idempotency-Key. */
  isReplay: boolean;
  /** How much of it the answer gives. */
  preference: ReturnPreference;
}

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

  /**
   * The conditions are on the list. Problems: those of the key (409, 422), preconditionFailed (412), itemExists (409).
   */
  async create({ id, ...content }: CreateItemDto, terms: Terms): Promise<Done> {
    const { conditions } = terms;
    const listTag = Array.isArray(conditions.ifNoneMatch) ? await this.listTag() : undefined;
    return this.execute({ kind: 'create', id, content, listTag, guard: { conditions } }, terms);
  }

  /**
   * Creates the item, or replaces it as a whole. Problems: those of the key (409, 422), preconditionRequired (428),
   * preconditionFailed (412), itemIdDiffers (409).
   */
  replace(id: string, dto: ReplaceItemDto, terms: Terms): Promise<Done> {
    const { id: idInBody, name, description, attributes } = dto;
    const content = { name, description, attributes };
    return this.execute({ kind: 'replace', id, content, idInBody, guard: this.guard(terms) }, terms);
  }

  /**
   * Problems: those of the key (409, 422), itemNotFound (404), preconditionRequired (428), preconditionFailed (412),
   * patchDoesNotApply (409), patchResultInvalid (422).
   */
  patch(id: string, patch: PatchDocument, terms: Terms): Promise<Done> {
    return this.execute({ kind: 'patch', id, patch, guard: this.guard(terms) }, terms);
  }

  /** Problems: those of the key (409, 422), itemNotFound (404), preconditionRequired (428), preconditionFailed (412). */
  delete(id: string, terms: Terms): Promise<Done> {
    return this.execute({ kind: 'delete', id, guard: this.guard(terms) }, terms);
  }

  private async execute(command: Command, { requestId, key, preference }: Terms): Promise<Done> {
    const minimal = preference === 'minimal';
    const order = { command, requestId, key: key && { ...key, caller: EVERY_CALLER, minimal } };
    const { next: item, operation, replay } = await this.writer.execute(order);
    if (!replay) return { item, isNew: operation === 'create', isReplay: false, preference };
    // The first answer's preference counts.
    const first = replay.minimal === 1 ? 'minimal' : minimal ? undefined : preference;
    return { item, isNew: replay.status === 201, isReplay: true, preference: first };
  }

  private guard({ conditions }: Terms): Guard {
    return { conditions, isRequired: this.config.requirePreconditions };
  }

  /** The entity-tag of GET /items without a query. */
  private async listTag(): Promise<string | undefined> {
    const query = new ListItemsDto();
    const { items, next } = await this.list(query);
    return listValidatorsOf(query, items, next).entityTag;
  }
}
