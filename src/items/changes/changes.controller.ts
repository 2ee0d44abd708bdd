import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answers } from '../../contract/answers.decorator.js';
import { entityTag } from '../../http/fields/conditions/entity-tag.js';
import { isWanted, SentConditions, type Conditions } from '../../http/fields/conditions/preconditions.js';
import { positionText } from '../store/changes/position.js';
import { toChangeDto, type ChangePageDto, type LatestPositionDto } from './change.dto.js';
import { continued, type ChangesRequest } from './changes-request.js';
import { getLatestPosition, listChanges } from './changes.operations.js';
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
  ): Promise<ChangePageDto> {
    const request = continued(query, lastEventId);
    const { changes, position } = await this.feed.list(request);
    return {
      changes: changes.map((change) => toChangeDto(change, request.isWithItem)),
      position: positionText(position),
    };
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
