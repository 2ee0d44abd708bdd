import { Controller, Delete, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PublicUrl } from '../config/public-url.js';
import { Answers } from '../contract/answers.decorator.js';
import { isWanted, SentConditions, type Conditions } from '../http/fields/conditions/preconditions.js';
import { pageLinks } from '../http/fields/page-links.js';
import { itemPath } from './contract/item-path.js';
import type { VersionsRequest } from './contract/versions-request.js';
import { eraseVersions, getVersion, listVersions } from './contract/versions.operations.js';
import { toVersionDto, type ItemVersionDto, type ItemVersionPageDto } from './dto/item-version.dto.js';
import { answerTo, sent } from './item-answer.js';
import { validatorsOfPage, validatorsOfVersion } from './item-etag.js';
import { ErasureService } from './erasure.service.js';
import { RequestTerms, type Terms } from './terms.js';
import { VersionsService } from './versions.service.js';

/** The versions of items over HTTP. What each operation answers is declared in versions.operations.ts. */
@Controller('items/:id/versions')
export class VersionsController {
  constructor(
    private readonly versions: VersionsService,
    private readonly erasure: ErasureService,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Get()
  @Answers(listVersions)
  async list(
    @Param('id') id: string,
    @Query() request: VersionsRequest,
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemVersionPageDto | undefined> {
    const { versions, next } = await this.versions.list(id, request);
    if (!isWanted(reply, conditions, validatorsOfPage(request, versions, next))) return undefined;
    const listing = this.publicUrl.of(`${itemPath(id)}/versions`);
    reply.header('link', pageLinks(listing, { limit: request.limit }, next));
    return { versions: versions.map(toVersionDto), next };
  }

  @Delete()
  @Answers(eraseVersions)
  async erase(
    @Param('id') id: string,
    @RequestTerms() terms: Terms,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    sent(answerTo('erase', await this.erasure.erase(id, terms), undefined, this.publicUrl), reply);
  }

  @Get(':version')
  @Answers(getVersion)
  async get(
    @Param('id') id: string,
    @Param('version') version: string,
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemVersionDto | undefined> {
    const found = await this.versions.get(id, Number(version));
    return isWanted(reply, conditions, validatorsOfVersion(found)) ? toVersionDto(found) : undefined;
  }
}
