import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answers } from '../http/contract/answers.decorator.js';
import { entityTag } from '../http/entity-tag.js';
import { pageLinks } from '../http/page-links.js';
import { isWanted, SentConditions, type Conditions } from '../http/preconditions.js';
import { SentPatch, type PatchDocument } from '../http/patch/patch.js';
import { isContentPreferred, Preferred, type ReturnPreference } from '../http/prefer.js';
import { PublicUrl } from '../http/public-url.js';
import { RequestId } from '../http/request-id.js';
import { CreateItemDto } from './dto/create-item.dto.js';
import { toItemDto, type ItemDto } from './dto/item.dto.js';
import type { ItemPageDto } from './dto/item-page.dto.js';
import { ListItemsDto } from './dto/list-items.dto.js';
import { ReplaceItemDto } from './dto/replace-item.dto.js';
import { createItem, deleteItem, getItem, listItems, patchItem, replaceItem } from './items.contract.js';
import type { Item } from './item.entity.js';
import { listValidatorsOf, validatorsOf } from './item-validators.js';
import { itemPath } from './items.problems.js';
import { ItemsService } from './items.service.js';

/** Items over HTTP. What each operation answers is declared in items.contract.ts. */
@Controller('items')
export class ItemsController {
  constructor(
    private readonly items: ItemsService,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Get()
  @Answers(listItems)
  async list(
    @Query() query: ListItemsDto,
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemPageDto | undefined> {
    const { items, next } = await this.items.list(query);
    if (!isWanted(reply, conditions, listValidatorsOf(query, items, next))) return undefined;
    reply.header('link', pageLinks(this.publicUrl.of('/items'), { limit: query.limit }, next));
    return { items: items.map(toItemDto), next };
  }

  @Post()
  @Answers(createItem)
  async create(
    @Body() dto: CreateItemDto,
    @RequestId() requestId: string,
    @SentConditions() conditions: Conditions,
    @Preferred() preference: ReturnPreference,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemDto | undefined> {
    const item = await this.items.create(dto, requestId, conditions);
    reply.headers({ location: this.publicUrl.of(itemPath(item.id)), etag: entityTag(item.version) });
    return this.changed(item, 201, preference, reply);
  }

  @Get(':id')
  @Answers(getItem)
  async get(
    @Param('id') id: string,
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemDto | undefined> {
    const item = await this.items.get(id);
    return isWanted(reply, conditions, validatorsOf(item), item.version) ? toItemDto(item) : undefined;
  }

  @Put(':id')
  @Answers(replaceItem)
  async replace(
    @Param('id') id: string,
    @Body() dto: ReplaceItemDto,
    @RequestId() requestId: string,
    @SentConditions() conditions: Conditions,
    @Preferred() preference: ReturnPreference,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemDto | undefined> {
    const { item, isNew } = await this.items.replace(id, dto, requestId, conditions);
    // RFC 9110 §9.3.4: no ETag, since the stored item has a version and times that the content sent had not.
    return this.changed(item, isNew ? 201 : 200, preference, reply);
  }

  @Patch(':id')
  @Answers(patchItem)
  async patch(
    @Param('id') id: string,
    @SentPatch() patch: PatchDocument,
    @RequestId() requestId: string,
    @SentConditions() conditions: Conditions,
    @Preferred() preference: ReturnPreference,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemDto | undefined> {
    const item = await this.items.patch(id, patch, requestId, conditions);
    reply.header('etag', entityTag(item.version));
    return this.changed(item, 200, preference, reply);
  }

  @Delete(':id')
  @Answers(deleteItem)
  async delete(
    @Param('id') id: string,
    @RequestId() requestId: string,
    @SentConditions() conditions: Conditions,
  ): Promise<void> {
    await this.items.delete(id, requestId, conditions);
  }

  // RFC 9110 §8.7: Content-Location would say of no content that it is the item.
  private changed(item: Item, status: 200 | 201, preference: ReturnPreference, reply: FastifyReply) {
    const isWithContent = isContentPreferred(preference, reply);
    reply.status(status === 200 && !isWithContent ? 204 : status);
    if (!isWithContent) return undefined;
    reply.header('content-location', this.publicUrl.of(itemPath(item.id)));
    return toItemDto(item);
  }
}
