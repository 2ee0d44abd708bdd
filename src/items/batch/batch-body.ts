import { setImmediate } from 'node:timers/promises';
import { Injectable, type PipeTransform } from '@nestjs/common';
import { sentJson, type JsonBody } from '../../http/body/json/json-body.js';
import { JsonParts } from '../../http/body/json/json-parts.js';
import { invalidBody } from '../../http/body/json/json.problems.js';
import { faultsOf, intoDto, isJsonObject } from '../../http/body/validation/dto-members.js';
import { jsonObject } from '../../http/body/validation/validation.pipe.js';
import { Faults } from '../../problems/faults.js';
import { BatchDto, BatchOperationDto } from './batch.dto.js';

/** The body of a batch whose form is sound. What its operations say is not judged yet. */
export interface BatchBody {
  isAtomic: boolean;
  operations: BatchOperationDto[];
  /** The bodies of the operations, at their pointers; see {@link bodyPointer}. */
  parts: JsonParts;
  /** Length of the text in UTF-16 units. */
  length: number;
}

/** How many operations are looked at in one turn of the event loop: some milliseconds. */
export const OPERATIONS_AT_ONCE = 50;

/** The JSON Pointer of an operation. */
export function operationPointer(index: number): string {
  return `/operations/${index}`;
}

/** The JSON Pointer of the body of an operation. */
export function bodyPointer(index: number): string {
  return `${operationPointer(index)}/body`;
}

/** Handler parameter: the form of a batch. Problem: invalidBody (400) with all faults of the form. */
@Injectable()
export class BatchPipe implements PipeTransform<unknown, Promise<BatchBody>> {
  async transform(body: unknown): Promise<BatchBody> {
    const source = sentJson(body);
    const { dto, unknown } = membersOf(BatchDto, jsonObject(BatchDto, source), '');
    const faults = faultsOf(dto, unknown);
    const isList = !faults.listed.some((fault) => 'pointer' in fault && fault.pointer === '/operations');
    const { operations, all } = isList ? await readOperations(dto.operations, faults) : { operations: [], all: faults };
    if (all.count > 0) throw invalidBody(source.located(all));
    return { isAtomic: dto.atomic, operations, parts: partsOf(source, operations), length: source.source.text.length };
  }
}

async function readOperations(
  values: unknown[],
  faults: Faults,
): Promise<{ operations: BatchOperationDto[]; all: Faults }> {
  const operations: BatchOperationDto[] = [];
  let all = faults;
  for (const [index, value] of values.entries()) {
    if (index % OPERATIONS_AT_ONCE === OPERATIONS_AT_ONCE - 1) await setImmediate();
    const pointer = operationPointer(index);
    if (!isJsonObject(value)) {
      all = all.with(new Faults([{ pointer, rule: 'type', detail: 'An operation must be a JSON object.' }]));
      continue;
    }
    const { dto, unknown } = membersOf(BatchOperationDto, value, pointer);
    all = all
      .with(placed(faultsOf(dto, new Faults()), pointer))
      .with(unknown)
      .with(idFaults(dto, pointer));
    operations.push(dto);
  }
  return { operations, all };
}

// The scanner of the text refuses `__proto__` only in bodies.
function membersOf<T extends object>(Dto: new () => T, value: object, pointer: string): { dto: T; unknown: Faults } {
  const { dto, unknown } = intoDto(Dto, value, pointer);
  if (!Object.hasOwn(value, '__proto__')) return { dto, unknown };
  const detail = 'The member name __proto__ is not allowed.';
  return {
    dto,
    unknown: unknown.with(new Faults([{ pointer: `${pointer}/__proto__`, rule: 'reserved-name', detail }])),
  };
}

function placed(faults: Faults, parent: string): Faults {
  return faults.mapped((listed) =>
    listed.map((fault) => ('pointer' in fault ? { ...fault, pointer: parent + fault.pointer } : fault)),
  );
}

function idFaults({ method, id, body }: BatchOperationDto, parent: string): Faults {
  const pointer = `${parent}/id`;
  if (id === undefined) {
    if (method === 'POST') return new Faults();
    return new Faults([{ pointer, rule: 'required', detail: 'id is missing. Only POST can leave it out.' }]);
  }
  const idInBody: unknown = method === 'POST' && isJsonObject(body) ? Reflect.get(body, 'id') : undefined;
  if (typeof idInBody !== 'string' || typeof id !== 'string' || idInBody === id) return new Faults();
  return new Faults([{ pointer, rule: 'equal', detail: 'id must be that of the body, or left out.' }]);
}

function partsOf(source: JsonBody, operations: BatchOperationDto[]): JsonParts {
  return new JsonParts(
    source,
    operations.map((_, index) => bodyPointer(index)),
  );
}
