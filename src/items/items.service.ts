import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { decodeCursor, encodeCursor } from '../http/fields/cursor.js';
import type { PatchDocument } from '../http/body/patch/patch.js';
import type { Validators } from '../http/fields/conditions/preconditions.js';
import { invalidCursor } from '../http/fields/cursor.problems.js';
import type { Terms } from './terms.js';
import type { CreateItemDto } from './dto/create-item.dto.js';
import { LISTING, ListItemsDto } from './dto/list-items.dto.js';
import type { ReplaceItemDto } from './dto/replace-item.dto.js';
import { listValidatorsOf } from './item-etag.js';
import type { Item } from './store/item.entity.js';
import { contentOf } from './store/item.members.js';
import { ITEM_ID } from './dto/item.schemas.js';
import { itemNotFound } from './contract/items.problems.js';
import { ItemsRepository, type ItemKey } from './store/items.repository.js';
import type { PageItem } from './store/items.rows.js';
import type { Command, Done, Guard } from './items.rules.js';
import { ItemsWriter } from './items.writer.js';

/** What can be done with items. Every method can also throw DatabaseFault. */
@Injectable()
export class ItemsService {
  constructor(
    private readonly repository: ItemsRepository,
    private readonly writer: ItemsWriter,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Problem: itemNotFound (404). */
  async get(id: string): Promise<Item> {
    const item = await this.repository.find(id);
    if (!item || item.deletedAt !== null) throw itemNotFound(id, item?.deletedAt);
    return item;
  }

  /** A page by id, and the cursor of the next one. Problem: invalidCursor (400). */
  async list({ limit, cursor }: ListItemsDto): Promise<{ items: PageItem[]; next: string | null }> {
    const { rows: items, isLast } = await this.repository.findPage(positionOf(cursor), limit);
    return { items, next: nextOf(items, isLast) };
  }

  /** The validators of that page; its content is not read. Problem: invalidCursor (400). */
  async listValidators(query: ListItemsDto): Promise<Validators> {
    const { rows: keys, isLast } = await this.repository.findPageKeys(positionOf(query.cursor), query.limit);
    return listValidatorsOf(query, keys, nextOf(keys, isLast));
  }

  /**
   * The conditions are on the list; its tag is judged before the write, not in it. Problems: those of the key (409, 422),
   * preconditionFailed (412), itemExists (409).
   */
  async create(dto: CreateItemDto, terms: Terms): Promise<Done> {
    const { conditions } = terms;
    const listEntityTag = Array.isArray(conditions.ifNoneMatch) ? await this.listEntityTag() : undefined;
    const command = {
      kind: 'create',
      id: dto.id,
      content: contentOf(dto),
      listEntityTag,
      guard: { conditions },
    } as const;
    return this.execute(command, terms);
  }

  /**
   * Creates the item, or replaces it as a whole. Problems: those of the key (409, 422), preconditionRequired (428),
   * preconditionFailed (412), itemIdDiffers or itemVersionDiffers (409).
   */
  replace(id: string, dto: ReplaceItemDto, terms: Terms): Promise<Done> {
    const { id: idInBody, version: versionInBody } = dto;
    const content = contentOf(dto);
    return this.execute({ kind: 'replace', id, content, idInBody, versionInBody, guard: this.guard(terms) }, terms);
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

  private execute(command: Command, { actor, requestId, key, preference }: Terms): Promise<Done> {
    return this.writer.execute({ command, actor, requestId, isMinimal: preference === 'minimal', key });
  }

  private guard({ conditions }: Terms): Guard {
    return { conditions, isRequired: this.config.requirePreconditions };
  }

  /** The entity-tag of GET /items without a query. */
  private async listEntityTag(): Promise<string | undefined> {
    return (await this.listValidators(new ListItemsDto())).entityTag;
  }
}

function positionOf(cursor: string | undefined): string | undefined {
  const position = cursor === undefined ? undefined : decodeCursor(LISTING, cursor);
  // The checksum is no secret: anybody can make a cursor with any position.
  if (position !== undefined && !ITEM_ID.pattern.test(position)) throw invalidCursor();
  return position;
}

function nextOf(rows: ItemKey[], isLast: boolean): string | null {
  const last = rows.at(-1);
  return last && !isLast ? encodeCursor(LISTING, last.id) : null;
}
