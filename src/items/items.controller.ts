import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, QueryMethod, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answers } from '../contract/answers.decorator.js';
import { FORM } from '../http/body/form.js';
import { BodyValidationPipe } from '../http/body/validation/validation.pipe.js';
import { pageLinks } from '../http/fields/page-links.js';
import { isWanted, NO_CONDITIONS, SentConditions, type Conditions } from '../http/fields/conditions/preconditions.js';
import { SentPatch, type PatchDocument } from '../http/body/patch/patch.js';
import { PublicUrl } from '../config/public-url.js';
import { RequestTerms, type Terms } from './terms.js';
import { CreateItemDto } from './dto/create-item.dto.js';
import { toItemDto, type ItemDto } from './dto/item.dto.js';
import { toPageJson } from './dto/item-page.dto.js';
import { GetItemDto } from './dto/get-item.dto.js';
import type { PartialItemDto } from './dto/listed-item.dto.js';
import { ReplaceItemDto } from './dto/replace-item.dto.js';
import { createItem, deleteItem, getItem, patchItem, replaceItem } from './contract/items.operations.js';
import { listItems, queryItems } from './contract/lists.operations.js';
import { answerTo, sent } from './item-answer.js';
import { listValidatorsOf, validatorsOf } from './item-etag.js';
import type { ListRequest } from './contract/list-request.js';
import { parseProjection, projectItem } from './store/list/projection.js';
import { restoreItem } from './contract/versions.operations.js';
import { RestoreItemDto } from './dto/restore-item.dto.js';
import type { Command } from './items.rules.js';
import type { Done } from './jobs.rules.js';
import { ItemsService, type ListPage } from './items.service.js';
import { VersionsService } from './versions.service.js';

/** Items over HTTP. What each operation answers is declared in items.operations.ts, and restoreItem in versions.operations.ts. */
@Controller('items')
export class ItemsController {
  constructor(
    private readonly items: ItemsService,
    private readonly versions: VersionsService,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Get()
  @Answers(listItems)
  async list(
    @Query() list: ListRequest,
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> {
    const page = await this.page(list, conditions, reply);
    if (page === undefined) return undefined;
    const { cursor: _, ...parameters } = list.dto;
    reply.header('link', pageLinks(this.publicUrl.of('/items'), { ...parameters, limit: list.query.limit }, page.next));
    reply.header('accept-query', FORM);
    return sendPage(page, reply);
  }

  // Nest's @Query() is what was read, here from the body.
  @QueryMethod()
  @Answers(queryItems)
  async query(
    @Query() list: ListRequest,
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> {
    const page = await this.page(list, conditions, reply);
    return page && sendPage(page, reply);
  }

  /** The page, with its validators set; undefined if the answer is 304. */
  private async page(list: ListRequest, conditions: Conditions, reply: FastifyReply): Promise<ListPage | undefined> {
    // First without the content, so that a 304 reads none of it. Then on the page itself, which may have changed meanwhile.
    // A costly list is made only once.
    const isCheap = list.dto.filter === undefined && list.dto.q === undefined && !list.query.isCounted;
    const mayBeKnown = isCheap && conditions !== NO_CONDITIONS;
    if (mayBeKnown && !isWanted(reply, conditions, listValidatorsOf(list.dto, await this.items.listState(list)))) {
      return undefined;
    }
    const page = await this.items.list(list);
    return isWanted(reply, conditions, listValidatorsOf(list.dto, page)) ? page : undefined;
  }

  @Post()
  @Answers(createItem)
  async create(
    @Body(BodyValidationPipe) dto: CreateItemDto,
    @RequestTerms() terms: Terms,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemDto | undefined> {
    return this.answer('create', await this.items.create(dto, terms), terms, reply);
  }

  @Get(':id')
  @Answers(getItem)
  async get(
    @Param('id') id: string,
    @Query() { fields, at }: GetItemDto,
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PartialItemDto | undefined> {
    const item = at === undefined ? await this.items.get(id) : await this.versions.getAt(id, at);
    const current = at === undefined ? item.version : undefined;
    if (!isWanted(reply, conditions, validatorsOf(item), current)) return undefined;
    return fields === undefined ? toItemDto(item) : projectItem(toItemDto(item), parseProjection(fields));
  }

  @Put(':id')
  @Answers(replaceItem)
  async replace(
    @Param('id') id: string,
    @Body(BodyValidationPipe) dto: ReplaceItemDto,
    @RequestTerms() terms: Terms,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemDto | undefined> {
    return this.answer('replace', await this.items.replace(id, dto, terms), terms, reply);
  }

  @Patch(':id')
  @Answers(patchItem)
  async patch(
    @Param('id') id: string,
    @SentPatch() patch: PatchDocument,
    @RequestTerms() terms: Terms,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemDto | undefined> {
    return this.answer('patch', await this.items.patch(id, patch, terms), terms, reply);
  }

  @Delete(':id')
  @Answers(deleteItem)
  async delete(
    @Param('id') id: string,
    @RequestTerms() terms: Terms,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemDto | undefined> {
    return this.answer('delete', await this.items.delete(id, terms), terms, reply);
  }

  @Post(':id/restore')
  @Answers(restoreItem)
  async restore(
    @Param('id') id: string,
    @Body(BodyValidationPipe) dto: RestoreItemDto,
    @RequestTerms() terms: Terms,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemDto | undefined> {
    return this.answer('restore', await this.items.restore(id, dto, terms), terms, reply);
  }

  private answer(kind: Command['kind'], done: Done, { preference }: Terms, reply: FastifyReply): ItemDto | undefined {
    return sent(answerTo(kind, done, preference, this.publicUrl), reply);
  }
}

function sendPage(page: ListPage, reply: FastifyReply): Buffer {
  reply.header('content-type', 'application/json; charset=utf-8');
  return Buffer.from(toPageJson(page));
}
