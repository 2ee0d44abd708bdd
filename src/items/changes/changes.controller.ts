import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers } from '../../contract/answers.decorator.js';
import { PreferredType } from '../../http/head/content/accept.js';
import { entityTag } from '../../http/fields/conditions/entity-tag.js';
import { isWanted, SentConditions, type Conditions } from '../../http/fields/conditions/preconditions.js';
import { positionText } from '../store/changes/position.js';
import type { LatestPositionDto } from './change.dto.js';
import { continued, type ChangesRequest } from './changes-request.js';
import { EVENT_STREAM, getLatestPosition, listChanges } from './changes.operations.js';
import { ChangesService } from './changes.service.js';

/** The change feed over HTTP. What each operation answers is declared in changes.operations.ts. */
@Controller('changes')
export class ChangesController {
  constructor(private readonly feed: ChangesService) {}

  @Get()
  @Answers(listChanges)
  async list(
    @Query() query: ChangesRequest,
    @Headers('last-event-id') lastEventId: string | undefined,
    @PreferredType() type: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asked = continued(query, lastEventId);
    const exchange = { request, reply };
    const content =
      type === EVENT_STREAM
        ? await this.feed.stream(asked, exchange)
        : (await this.feed.list(asked, exchange)).asPage(asked.isWithItem);
    // Nest would pipe a stream that is returned, at more cost for each event.
    void reply.header('content-type', `${type}; charset=utf-8`).send(content);
  }

  @Get('latest')
  @Answers(getLatestPosition)
  async latest(
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LatestPositionDto | undefined> {
    const position = positionText(await this.feed.latest());
    return isWanted(reply, conditions, { entityTag: entityTag(position) }) ? { position } : undefined;
  }
}
