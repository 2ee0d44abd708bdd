import { HttpException } from '@nestjs/common';
import type { Operation } from '../../contract/operation.js';
import { sentJson, type JsonBody } from '../../http/body/json/json-body.js';
import { readPatch } from '../../http/body/patch/patch.js';
import { validated } from '../../http/body/validation/validation.pipe.js';
import { malformedPrecondition } from '../../http/fields/conditions/condition.problems.js';
import { tagConditions } from '../../http/fields/conditions/preconditions.js';
import { mediaTypeFor } from '../../http/head/content/content.js';
import { unexpectedContent } from '../../http/head/content/content.problems.js';
import { requireParameters } from '../../http/head/path-parameters.js';
import { fingerprintOf, keyIn } from '../../idempotency/idempotency-key.js';
import { itemPath } from '../contract/item-path.js';
import { createItem, deleteItem, patchItem, replaceItem } from '../contract/items.operations.js';
import { CreateItemDto } from '../dto/create-item.dto.js';
import { ReplaceItemDto } from '../dto/replace-item.dto.js';
import { createCommand, needsListEntityTag, replaceCommand } from '../item-commands.js';
import type { ItemsService } from '../items.service.js';
import type { NewUnit } from '../items.writer.js';
import type { Terms } from '../terms.js';
import { bodyPointer, type BatchBody } from './batch-body.js';
import type { BatchMethod, BatchOperationDto } from './batch.dto.js';

const JSON_TYPE = 'application/json';

/** The request that each method stands for. */
const REQUESTS: Record<BatchMethod, Operation> = {
  POST: createItem,
  PUT: replaceItem,
  PATCH: patchItem,
  DELETE: deleteItem,
};

/** An operation of a batch that was understood. */
export interface ReadOperation {
  unit: NewUnit;
  terms: Terms;
}

/** Reads the operations of one batch. Each is checked as the request that it stands for, in the same order. */
export class OperationReader {
  private listEntityTag: Promise<string | undefined> | undefined;

  constructor(
    private readonly batch: BatchBody,
    /** What holds for the whole batch. */
    private readonly terms: Terms,
    private readonly items: ItemsService,
  ) {}

  /**
   * The unit of an operation. Problems: invalidPath, malformedPrecondition, invalidIdempotencyKey, unexpectedContent, invalidBody
   * (400), bodyTooLarge (413), unsupportedMediaType, unsupportedPatchType (415).
   */
  async read(index: number): Promise<ReadOperation> {
    const operation = this.batch.operations[index]!;
    const { method, id, idempotencyKey } = operation;
    const request = REQUESTS[method];
    if (request.params) requireParameters(request.params, { id: id ?? '' });
    const terms: Terms = { ...this.terms, conditions: conditionsOf(operation), key: undefined };
    const key = idempotencyKey === undefined ? undefined : keyIn(idempotencyKey);
    const hasBody = operation.body !== undefined;
    if (hasBody && method === 'DELETE') throw unexpectedContent(method);
    const body = hasBody ? await this.batch.parts.read(bodyPointer(index), operation.body) : undefined;
    const type = hasBody ? mediaTypeFor(request, operation.contentType ?? JSON_TYPE) : undefined;
    if (type instanceof HttpException) throw type;
    const command = await this.commandOf(operation, type, body, terms);
    if (key !== undefined) terms.key = { caller: terms.actor, key, fingerprint: this.fingerprint(operation, index) };
    const { actor, requestId, preference } = terms;
    const job = { command, actor, requestId, isMinimal: preference === 'minimal' };
    return { unit: { jobs: [job], key: terms.key }, terms };
  }

  private async commandOf(
    { method, id = '' }: BatchOperationDto,
    type: string | undefined,
    body: JsonBody | undefined,
    terms: Terms,
  ) {
    const guard = this.items.guard(terms);
    switch (method) {
      case 'POST': {
        const dto = validated(CreateItemDto, sentJson(body));
        return createCommand(dto, terms, needsListEntityTag(terms) ? await this.tagOfList() : undefined);
      }
      case 'PUT':
        return replaceCommand(id, validated(ReplaceItemDto, sentJson(body)), guard);
      case 'PATCH':
        return { kind: 'patch' as const, id, patch: readPatch(type, sentJson(body)), guard };
      case 'DELETE':
        return { kind: 'delete' as const, id, guard };
    }
  }

  // The list as it was before the batch, read once.
  private tagOfList(): Promise<string | undefined> {
    return (this.listEntityTag ??= this.items.listEntityTag());
  }

  // That of the request alone with the same text as its body, so that one can repeat the other.
  private fingerprint({ method, id = '', contentType, body }: BatchOperationDto, index: number): string {
    const target = method === 'POST' ? '/items' : itemPath(id);
    const text = body === undefined ? '' : this.batch.parts.textOf(bodyPointer(index));
    return fingerprintOf(method, target, contentType ?? (body === undefined ? undefined : JSON_TYPE), text);
  }
}

function conditionsOf({ ifMatch, ifNoneMatch }: BatchOperationDto): Terms['conditions'] {
  const { faults, ...conditions } = tagConditions(ifMatch, ifNoneMatch);
  if (faults.length > 0) throw malformedPrecondition(faults);
  return conditions;
}
