import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answers } from '../contract/answers.decorator.js';
import { bodyValidation } from '../http/body/validation/validation.pipe.js';
import { pageLinks } from '../http/fields/page-links.js';
import { isWanted, NO_CONDITIONS, SentConditions, type Conditions } from '../http/fields/preconditions.js';
import { SentPatch, type PatchDocument } from '../http/body/patch/patch.js';
import { isBodyPreferred } from '../http/fields/prefer.js';
import { PublicUrl } from '../config/public-url.js';
import { RequestTerms, type Terms } from './terms.js';
import { CreateItemDto } from './dto/create-item.dto.js';
import { toItemDto, type ItemDto } from './dto/item.dto.js';
import { toPageJson } from './dto/item-page.dto.js';
import { ListItemsDto } from './dto/list-items.dto.js';
import { ReplaceItemDto } from './dto/replace-item.dto.js';
import { createItem, deleteItem, getItem, listItems, patchItem, replaceItem } from './items.operations.js';
import { listValidatorsOf, tagOf, validatorsOf } from './item-etag.js';
import { itemPath } from './item-path.js';
import { ItemsService, type Done } from './items.service.js';

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
  ): Promise<Buffer | undefined> {
    // Before the page is read: a 304 costs none of its content. Then on the page itself, which may be another by now.
    const mayBeKnown = conditions !== NO_CONDITIONS;
    if (mayBeKnown && !isWanted(reply, conditions, await this.items.listValidators(query))) return undefined;
    const { items, next } = await this.items.list(query);
    if (!isWanted(reply, conditions, listValidatorsOf(query, items, next))) return undefined;
    reply.header('link', pageLinks(this.publicUrl.of('/items'), { limit: query.limit }, next));
    reply.header('content-type', 'application/json; charset=utf-8');
    return Buffer.from(toPageJson(items, next));
  }

  @Post()
  @Answers(createItem)
  async create(
    @Body(bodyValidation) dto: CreateItemDto,
    @RequestTerms() terms: Terms,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemDto | undefined> {
    const done = await this.items.create(dto, terms);
    reply.headers({ location: this.publicUrl.of(itemPath(done.item.id)), etag: tagOf(done.item) });
    return this.answer(done, reply);
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
    @Body(bodyValidation) dto: ReplaceItemDto,
    @RequestTerms() terms: Terms,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemDto | undefined> {
    // RFC 9110 §9.3.4: no ETag, since the stored item has a version and times that the content sent had not.
    return this.answer(await this.items.replace(id, dto, terms), reply);
  }

  @Patch(':id')
  @Answers(patchItem)
  async patch(
    @Param('id') id: string,
    @SentPatch() patch: PatchDocument,
    @RequestTerms() terms: Terms,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemDto | undefined> {
    const done = await this.items.patch(id, patch, terms);
    reply.header('etag', tagOf(done.item));
    return this.answer(done, reply);
  }

  @Delete(':id')
  @Answers(deleteItem)
  async delete(
    @Param('id') id: string,
    @RequestTerms() terms: Terms,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    markReplay(await this.items.delete(id, terms), reply);
  }

  private answer(done: Done, reply: FastifyReply): ItemDto | undefined {
    markReplay(done, reply);
    const isWithContent = isBodyPreferred(done.preference, reply);
    if (done.isNew) reply.status(201);
    else reply.status(isWithContent ? 200 : 204);
    // RFC 9110 §8.7: Content-Location would say of no content that it is the item.
    if (!isWithContent) return undefined;
    reply.header('content-location', this.publicUrl.of(itemPath(done.item.id)));
    return toItemDto(done.item);
  }
}

// draft-ietf-httpapi-idempotency-key-header-07 leaves it to the service how a repeated answer is told from the first.
function markReplay({ isReplay }: Done, reply: FastifyReply): void {
  if (isReplay) reply.header('idempotency-replayed', 'true');
}
