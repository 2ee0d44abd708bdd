import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicUrl } from '../../config/public-url.js';
import { Answers } from '../../contract/answers.decorator.js';
import { judge, refusalOf } from '../../http/fields/conditions/preconditions.js';
import { followedPreference } from '../../http/fields/prefer.js';
import { Room } from '../../http/load/room.js';
import { RateCheck } from '../../rate-limits/rate-check.js';
import { RequestTerms, type Terms } from '../terms.js';
import { answerBytesOf } from './answer-room.js';
import { BatchPipe, operationPointer, type BatchBody } from './batch-body.js';
import { changeItems } from './batch.operations.js';
import { misplacedIdempotencyKey } from './batch.problems.js';
import { resultsAsJson } from './batch-results.js';
import { BatchService } from './batch.service.js';

/** Batches over HTTP. What the operation answers is declared in batch.operations.ts. */
@Controller('batch')
export class BatchController {
  constructor(
    private readonly batches: BatchService,
    private readonly rates: RateCheck,
    private readonly room: Room,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Post()
  @Answers(changeItems)
  async change(
    @Body(BatchPipe) batch: BatchBody,
    @RequestTerms() terms: Terms,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    requireKeysInPlace(batch, terms);
    this.rates.countMore(request, reply, batch.operations.length - 1);
    requireConditions(terms);
    await this.room.takeMore(request, reply.raw, answerBytesOf(batch, terms));
    reply.header('content-type', 'application/json; charset=utf-8');
    return batch.isAtomic ? this.changeAll(batch, terms, reply) : this.changeEach(batch, terms, reply);
  }

  private async changeAll(batch: BatchBody, terms: Terms, reply: FastifyReply): Promise<Buffer> {
    const results = await this.batches.carryOutAll(batch, terms);
    const { isMinimal = false, isReplay = false } = results[0] ?? {};
    reply.status(200);
    if (isReplay) reply.header('idempotency-replayed', 'true');
    sayPreference(terms, isMinimal, reply);
    // The whole is a repeat, and says so; its results are those of the first answer.
    const first = results.map((result) => ({ ...result, isReplay: false }));
    return resultsAsJson(batch.operations, first, terms, this.publicUrl);
  }

  private async changeEach(batch: BatchBody, terms: Terms, reply: FastifyReply): Promise<Buffer> {
    const results = await this.batches.carryOutEach(batch, terms);
    // RFC 4918 §13: the status of the whole says that each result has its own.
    reply.status(207);
    sayPreference(terms, terms.preference === 'minimal', reply);
    return resultsAsJson(batch.operations, results, terms, this.publicUrl);
  }
}

function requireKeysInPlace({ isAtomic, operations }: BatchBody, { key }: Terms): void {
  if (!isAtomic) {
    if (key === undefined) return;
    const detail = 'If atomic is false, each operation takes its key in idempotencyKey.';
    throw misplacedIdempotencyKey([{ header: 'Idempotency-Key', rule: 'misplaced', detail }]);
  }
  const detail = 'If atomic is true, the batch takes one key, in the field Idempotency-Key.';
  const faults = operations.flatMap(({ idempotencyKey }, index) =>
    idempotencyKey === undefined
      ? []
      : [{ pointer: `${operationPointer(index)}/idempotencyKey`, rule: 'misplaced', detail }],
  );
  if (faults.length > 0) throw misplacedIdempotencyKey(faults);
}

// RFC 9110 §13.1: the target has no representation, so If-Match never holds, and If-None-Match always does.
function requireConditions({ conditions }: Terms): void {
  const refusal = refusalOf(judge(conditions, false, undefined), conditions);
  if (refusal) throw refusal;
}

function sayPreference({ preference }: Terms, isMinimal: boolean, reply: FastifyReply): void {
  const followed = followedPreference(preference, isMinimal);
  if (followed !== undefined) reply.header('preference-applied', followed);
}
