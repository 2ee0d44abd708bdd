import { ConflictException, NotFoundException, UnprocessableEntityException } from '@nestjs/common';
import { problem, type InputFault } from '../http/problems/problem.js';

/** The path of an item, percent-encoded. */
export function itemPath(id: string): string {
  return `/items/${encodeURIComponent(id)}`;
}

/** No item has this id now; `deletedAt` says that one had, until then. RFC 9110 §15.5.5. */
export const itemNotFound = problem(
  NotFoundException,
  { code: 'item-not-found', title: 'Item not found', retryable: false },
  (itemId: string, deletedAt?: string | null) => ({
    detail: deletedAt
      ? `Item ${itemId} was deleted. It can be created again.`
      : `There is no item ${itemId}. POST /items or PUT ${itemPath(itemId)} creates it.`,
    members: { itemId, ...(deletedAt && { deletedAt }) },
  }),
  ['bolt-m8'],
);

/** The id is taken. RFC 9110 §15.5.10. */
export const itemExists = problem(
  ConflictException,
  { code: 'item-exists', title: 'Item exists', retryable: false },
  (itemId: string) => ({
    detail: `The id ${itemId} is taken. Choose another, or replace the item with PUT.`,
    members: { itemId },
    links: { itemUrl: itemPath(itemId) },
  }),
  ['bolt-m8'],
);

/** The body names another item than the path. RFC 9110 §9.3.4. */
export const itemIdDiffers = problem(
  ConflictException,
  { code: 'item-id-differs', title: 'Item id differs', retryable: false },
  (itemId: string, bodyId: string) => ({
    detail: `The body has the id ${bodyId.slice(0, 128)}, but the path ${itemId}. Leave id out, or make it equal.`,
    errors: [{ pointer: '/id', rule: 'equal', detail: `id must be ${itemId}, as in the path.` }],
  }),
  ['bolt-m8', 'bolt-m9'],
);

/** An operation of the patch does not fit the item as it is. RFC 5789 §2.2, RFC 6902 §5. */
export const patchDoesNotApply = problem(
  ConflictException,
  { code: 'patch-does-not-apply', title: 'Patch does not apply', retryable: false },
  (errors: InputFault[], currentVersion: number) => ({
    detail: `An operation of the patch does not fit version ${currentVersion} of the item; see errors. Nothing was changed.`,
    errors,
    members: { currentVersion },
  }),
  [[{ pointer: '/0', rule: 'test', detail: 'The value there is another one.' }], 4],
);

/** The patch is well formed, and what it makes of the item breaks the rules. RFC 5789 §2.2, RFC 9110 §15.5.21. */
export const patchResultInvalid = problem(
  UnprocessableEntityException,
  { code: 'patch-result-invalid', title: 'Patch result invalid', retryable: false },
  (errors: InputFault[]) => ({
    detail: 'The item would break its rules after this patch; see errors. Nothing was changed.',
    errors,
  }),
  [[{ pointer: '/name', rule: 'required', detail: 'name is missing.' }]],
);
