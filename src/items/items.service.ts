import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import type { PatchDocument } from '../http/body/patch/patch.js';
import type { Terms } from './terms.js';
import type { CreateItemDto } from './dto/create-item.dto.js';
import { ListItemsDto } from './dto/list-items.dto.js';
import type { RestoreItemDto } from './dto/restore-item.dto.js';
import type { ReplaceItemDto } from './dto/replace-item.dto.js';
import { listValidatorsOf, type ListState } from './item-etag.js';
import { cursorAfter, readListRequest, type ListRequest } from './contract/list-request.js';
import type { Item } from './store/item.entity.js';
import { itemNotFound } from './contract/items.problems.js';
import { SearchGate } from './search/search-gate.js';
import { ItemsRepository } from './store/items.repository.js';
import { ItemLists } from './store/list/item-lists.js';
import { usesSearchData, type PageKeys } from './store/list/list-query.js';
import { projectItems } from './store/list/projection.js';
import { createCommand, needsListEntityTag, replaceCommand } from './item-commands.js';
import type { Command, Guard } from './items.rules.js';
import type { Done } from './jobs.rules.js';
import { ItemsWriter } from './items.writer.js';

/** GET /items without a query. */
const WHOLE_LIST = readListRequest(new ListItemsDto());

/** A page of a list. */
export interface ListPage extends ListState {
  /** The items as JSON, with commas between them. */
  items: string;
}

/** What can be done with items. Every method can also throw DatabaseFault. */
@Injectable()
export class ItemsService {
  constructor(
    private readonly repository: ItemsRepository,
    private readonly lists: ItemLists,
    private readonly writer: ItemsWriter,
    private readonly searchGate: SearchGate,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Problem: itemNotFound (404). */
  async get(id: string): Promise<Item> {
    const item = await this.repository.find(id);
    if (!item || item.deletedAt !== null) throw itemNotFound(id, item?.deletedAt);
    return item;
  }

  /** A page, and the cursor of the next one. Problem: searchUnready (503). */
  async list({ dto, query, projection }: ListRequest): Promise<ListPage> {
    if (usesSearchData(query)) this.searchGate.requireOpen();
    const { items, ...keys } = await this.lists.findPage(query);
    return { ...this.stateOf(keys, dto), items: projectItems(items, projection) };
  }

  /** What identifies the state of that page; its content is not read. Problem: searchUnready (503). */
  async listState({ dto, query }: ListRequest): Promise<ListState> {
    if (usesSearchData(query)) this.searchGate.requireOpen();
    return this.stateOf(await this.lists.findKeys(query), dto);
  }

  /**
   * The conditions are on the list; its tag is judged before the write, not in it. Problems: those of the key (409, 422),
   * preconditionFailed (412), itemExists (409).
   */
  async create(dto: CreateItemDto, terms: Terms): Promise<Done> {
    const listEntityTag = needsListEntityTag(terms) ? await this.listEntityTag() : undefined;
    return this.execute(createCommand(dto, terms, listEntityTag), terms);
  }

  /**
   * Creates the item, or replaces it as a whole. Problems: those of the key (409, 422), preconditionRequired (428),
   * preconditionFailed (412), itemIdDiffers or itemVersionDiffers (409).
   */
  replace(id: string, dto: ReplaceItemDto, terms: Terms): Promise<Done> {
    return this.execute(replaceCommand(id, dto, this.guard(terms)), terms);
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

  /**
   * Gives the item the state of one of its versions. Problems: those of the key (409, 422), itemNotFound or versionNotFound (404),
   * versionTrimmed (410), preconditionRequired (428), preconditionFailed (412).
   */
  restore(id: string, { version }: RestoreItemDto, terms: Terms): Promise<Done> {
    return this.execute({ kind: 'restore', id, version, guard: this.guard(terms) }, terms);
  }

  private execute(command: Command, { actor, requestId, key, preference }: Terms): Promise<Done> {
    return this.writer.execute({ command, actor, requestId, isMinimal: preference === 'minimal' }, key);
  }

  /** The conditions of a change of an item. */
  guard({ conditions }: Pick<Terms, 'conditions'>): Guard {
    return { conditions, isRequired: this.config.requirePreconditions };
  }

  /** The entity-tag of GET /items without a query. */
  async listEntityTag(): Promise<string | undefined> {
    return listValidatorsOf(WHOLE_LIST.dto, await this.listState(WHOLE_LIST)).entityTag;
  }

  private stateOf({ keys, last, count }: PageKeys, dto: ListItemsDto): ListState {
    return { keys, next: last ? cursorAfter(last, dto) : null, count };
  }
}
