import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { apply as applyMergePatch } from 'tiny-merge-patch';
import { sentJson, type JsonBody } from '../json/json-body.js';
import { isAtMostDeep } from '../validation/json-rules.js';
import { invalidBody } from '../json/json.problems.js';
import { Faults } from '../../../problems/faults.js';
import { applyJsonPatch, MAX_PATCH_DEPTH, parseJsonPatch, type PatchOperation } from './json-patch.js';

/** JSON Merge Patch, RFC 7396. */
export const MERGE_PATCH = 'application/merge-patch+json';
/** JSON Patch, RFC 6902. */
export const JSON_PATCH = 'application/json-patch+json';

/** A patch as the body of PATCH describes it (RFC 5789 §2). */
export type PatchDocument = { kind: 'merge'; document: unknown } | { kind: 'operations'; operations: PatchOperation[] };

/** Handler parameter: the patch in the body. Problem: invalidBody (400). */
export const SentPatch = createParamDecorator((_: unknown, context: ExecutionContext): PatchDocument => {
  const { body, bodyType } = context.switchToHttp().getRequest<FastifyRequest>();
  return readPatch(bodyType, sentJson(body));
});

/** The document after a patch; changes nothing in place. Throws PatchFailure. */
export function applyPatch(patch: PatchDocument, document: object): unknown {
  if (patch.kind === 'operations') return applyJsonPatch(patch.operations, document);
  return applyMergePatch(document, patch.document);
}

/** The patch in a body of this type. Problem: invalidBody (400). */
export function readPatch(mediaType: string | undefined, { value, faults, names }: JsonBody): PatchDocument {
  if (names) throw invalidBody(faults);
  // JSON.stringify could overflow the stack on a deeper one.
  if (!isAtMostDeep(value, MAX_PATCH_DEPTH)) {
    const detail = `A patch can be nested at most ${MAX_PATCH_DEPTH} deep.`;
    throw invalidBody(new Faults([{ pointer: '', rule: 'depth', detail }]).with(faults));
  }
  if (mediaType === JSON_PATCH) return { kind: 'operations', operations: parseJsonPatch(value, faults) };
  if (faults.count > 0) throw invalidBody(faults);
  // application/json defines no patch (RFC 5789 §2.2), but clients that send it mean a merge patch.
  return { kind: 'merge', document: value };
}
