import { isAtMostDeep } from '../validation/json-rules.js';
import { invalidBody } from '../json/json.problems.js';
import { Faults } from '../../../problems/faults.js';
import type { InputFault } from '../../../problems/problem.js';
import { add, isSameJson, NoSuchPlace, pointerOf, remove, replace, valueAt } from './json-edit.js';
import { shownJson } from './shown-json.js';

/** An operation of a JSON Patch (RFC 6902 §4). */
export interface PatchOperation {
  op: keyof typeof NEEDS;
  path: string;
  /** Empty where the operation has none. */
  from: string;
  value: unknown;
}

/** Why a patch can't be applied: it does not fit the document, or the result would be too large or too deep. */
export class PatchFailure extends Error {
  /** `operation` counts from 0. */
  constructor(
    readonly operation: number,
    readonly rule: 'test' | 'path' | 'size' | 'depth',
    message: string,
  ) {
    super(message);
  }
}

export const MAX_OPERATIONS = 1_000;
/** The most JSON text, in characters, that all operations of a patch may add together: four times the largest resource. */
export const MAX_PATCH_VALUES_LENGTH = 100_000;
/** How deep a document may become under a patch, itself being 1. */
export const MAX_PATCH_DEPTH = 64;

// RFC 6902 §4: the member that an operation needs in addition to op and path.
const NEEDS = { add: 'value', remove: undefined, replace: 'value', move: 'from', copy: 'from', test: 'value' } as const;

/**
 * Reads a JSON Patch document; `found` are the faults of its text. Ignores unknown members. Problem: invalidBody (400) with
 * all faults.
 */
export function parseJsonPatch(document: unknown, found = new Faults()): PatchOperation[] {
  const refused = (...faults: InputFault[]) => invalidBody(found.with(new Faults(faults)));
  if (!Array.isArray(document)) throw refused(fault('', 'type', 'A JSON Patch is an array of operations.'));
  if (document.length > MAX_OPERATIONS) {
    throw refused(fault('', 'length', `A JSON Patch can have at most ${MAX_OPERATIONS} operations.`));
  }
  const faults = document.flatMap((operation, index) => faultsOf(operation, `/${index}`));
  if (found.count + faults.length > 0) throw refused(...faults);
  return document.map(({ op, path, from, value }) => ({
    op,
    path,
    from: NEEDS[op as PatchOperation['op']] === 'from' ? from : '',
    value,
  }));
}

/** The document after all operations; changes nothing in place. Throws PatchFailure. */
export function applyJsonPatch(operations: PatchOperation[], document: unknown): unknown {
  let lengthLeft = MAX_PATCH_VALUES_LENGTH;
  // Each place gets its own copy: a later change of one must not change another, nor the patch.
  const copied = (value: unknown, operation: number): unknown => {
    const text = JSON.stringify(value);
    lengthLeft -= text.length;
    if (lengthLeft < 0) throw tooMuch(operation);
    return JSON.parse(text);
  };
  const carryOut = (current: unknown, operation: PatchOperation, index: number): unknown => {
    const { op, value: given } = operation;
    // Not split earlier: 1 MiB of pointers has half a million tokens, and the first operation that fails ends the patch.
    const [path, from] = [tokensOf(operation.path), tokensOf(operation.from)];
    const value = NEEDS[op] === 'from' ? valueAt(current, from) : given;
    if (op === 'test') return tested(current, path, value, index);
    if (op === 'remove') return remove(current, path);
    // Only a move that goes deeper can become too deep. Checking the depth walks the value, so it counts like a copy.
    if (op === 'move' && path.length <= from.length) return add(remove(current, from), path, value);
    if (!isAtMostDeep(value, MAX_PATCH_DEPTH - path.length)) throw tooDeep(index);
    const placed = copied(value, index);
    if (op === 'move') return add(remove(current, from), path, placed);
    return (op === 'replace' ? replace : add)(current, path, placed);
  };
  return operations.reduce(
    (current: unknown, operation, index) => {
      try {
        return carryOut(current, operation, index);
      } catch (error) {
        if (error instanceof NoSuchPlace) throw new PatchFailure(index, 'path', error.message);
        throw error;
      }
    },
    JSON.parse(JSON.stringify(document)),
  );
}

function tested(document: unknown, path: string[], value: unknown, index: number): unknown {
  const actual = valueAt(document, path);
  if (isSameJson(actual, value)) return document;
  const place = path.length === 0 ? 'the document' : pointerOf(path);
  throw new PatchFailure(index, 'test', `The test failed: ${place} is ${shownJson(actual)}, not ${shownJson(value)}.`);
}

function tooMuch(operation: number): PatchFailure {
  const most = `${MAX_PATCH_VALUES_LENGTH} characters of JSON`;
  return new PatchFailure(operation, 'size', `The operations together add more than ${most}.`);
}

function tooDeep(operation: number): PatchFailure {
  return new PatchFailure(operation, 'depth', `The document would be nested more than ${MAX_PATCH_DEPTH} deep.`);
}

function faultsOf(operation: unknown, at: string): InputFault[] {
  if (typeof operation !== 'object' || operation === null || Array.isArray(operation)) {
    return [fault(at, 'type', 'An operation is a JSON object.')];
  }
  const { op, path, from } = operation as Record<string, unknown>;
  if (typeof op !== 'string' || !Object.hasOwn(NEEDS, op)) {
    return [fault(`${at}/op`, 'enum', `op must be one of ${Object.keys(NEEDS).join(', ')}.`)];
  }
  const needed = NEEDS[op as PatchOperation['op']];
  const faults = pointerFaults(path, `${at}/path`);
  if (needed === 'from') faults.push(...pointerFaults(from, `${at}/from`));
  if (needed === 'value' && !Object.hasOwn(operation, 'value')) {
    faults.push(fault(`${at}/value`, 'required', `value is missing; ${op} needs it.`));
  }
  // RFC 6902 §4.4.
  if (op === 'move' && faults.length === 0 && String(path).startsWith(`${String(from)}/`)) {
    faults.push(fault(`${at}/path`, 'move', 'A value can’t be moved into itself.'));
  }
  return faults;
}

// RFC 6901 §3. The service takes the name __proto__ nowhere, so a pointer can't hold it either.
function pointerFaults(pointer: unknown, at: string): InputFault[] {
  if (pointer === undefined) return [fault(at, 'required', `${at.replace(/^.*\//, '')} is missing.`)];
  if (typeof pointer !== 'string' || !/^(?:$|\/)/.test(pointer) || /~(?![01])/.test(pointer)) {
    return [
      fault(at, 'json-pointer', 'This must be a JSON Pointer: empty, or starting with /, with ~ only in ~0 and ~1.'),
    ];
  }
  if (!/\/__proto__(?:\/|$)/.test(pointer)) return [];
  return [fault(at, 'reserved-name', 'The member name __proto__ is not allowed.')];
}

function tokensOf(pointer: string): string[] {
  const tokens = pointer.split('/').slice(1);
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function fault(pointer: string, rule: string, detail: string): InputFault {
  return { pointer, rule, detail };
}
