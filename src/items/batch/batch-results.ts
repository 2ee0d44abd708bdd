import { setImmediate } from 'node:timers/promises';
import { HttpException } from '@nestjs/common';
import type { PublicUrl } from '../../config/public-url.js';
import { problemBody } from '../../problems/problem-body.js';
import { fieldName, type Problem } from '../../problems/problem.js';
import { answerTo } from '../item-answer.js';
import type { Command } from '../items.rules.js';
import type { Done } from '../jobs.rules.js';
import type { Terms } from '../terms.js';
import type { BatchAnswerDto, BatchResultDto } from './batch-answer.dto.js';
import { OPERATIONS_AT_ONCE } from './batch-body.js';
import type { BatchMethod, BatchOperationDto } from './batch.dto.js';

const KINDS: Record<BatchMethod, Command['kind']> = {
  POST: 'create',
  PUT: 'replace',
  PATCH: 'patch',
  DELETE: 'delete',
};

/**
 * The answer to a batch as JSON; see {@link BatchAnswerDto}. It can have many megabytes, so it is made in several turns of the event
 * loop.
 */
export async function resultsAsJson(
  operations: BatchOperationDto[],
  results: (Done | HttpException)[],
  terms: Terms,
  publicUrl: PublicUrl,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let from = 0; from < results.length; from += OPERATIONS_AT_ONCE) {
    if (from > 0) await setImmediate();
    const some = results.slice(from, from + OPERATIONS_AT_ONCE);
    const texts = some.map((result, at) =>
      JSON.stringify(
        result instanceof HttpException
          ? resultOfProblem(result, terms, publicUrl)
          : resultOfChange(KINDS[operations[from + at]!.method], result, terms, publicUrl),
      ),
    );
    pieces.push(Buffer.from(`${from > 0 ? ',' : OPENING}${texts.join(',')}`));
  }
  return Buffer.concat([...pieces, Buffer.from(CLOSING)]);
}

const OPENING = `{"${'results' satisfies keyof BatchAnswerDto}":[`;
const CLOSING = ']}';

function resultOfChange(
  kind: Command['kind'],
  done: Done,
  { preference }: Terms,
  publicUrl: PublicUrl,
): BatchResultDto {
  const { status, fields, body } = answerTo(kind, done, preference, publicUrl);
  return { status, headers: fields, body };
}

function resultOfProblem(exception: HttpException, { requestId }: Terms, publicUrl: PublicUrl): BatchResultDto {
  const problem = exception.getResponse() as Problem;
  const status = exception.getStatus();
  // The connection is that of the batch, and goes on.
  const { connection: _, ...own } = problem.details.fields ?? {};
  const fields = Object.entries(own).map(([name, value]) => [fieldName(name), value]);
  const body = problemBody(problem, status, requestId, publicUrl) as BatchResultDto['body'];
  return { status, headers: Object.fromEntries(fields) as BatchResultDto['headers'], body };
}
