import {
  BadRequestException,
  ConflictException,
  NotFoundException,
  UnprocessableEntityException,
} from '@nestjs/common';
import { LINK } from '../../contract/openapi/bounds.js';
import { shortened, type Faults } from '../../problems/faults.js';
import { problem, type InputFault } from '../../problems/problem.js';
import { itemPath } from './item-path.js';
import { FilterFault } from '../filter/filter-fault.js';
import { READ_ONLY_NAMES } from '../dto/item.schemas.js';
import { ID_MAX } from '../store/item.limits.js';

/** No item has this id now; `deletedAt` says when one was deleted. RFC 9110 §15.5.5. */
export const itemNotFound = problem(
  NotFoundException,
  {
    code: 'item-not-found',
    title: 'Item not found',
    retryable: false,
    meaning: 'No item has this id now. If the answer has deletedAt, an item with this id was deleted then.',
    remedy: 'Check the id; ids are case-sensitive. POST or PUT creates the item, also after a deletion.',
    retry: 'Only after somebody has created the item. A DELETE needs no retry: the item is gone.',
    members: {
      itemId: { type: 'string', maxLength: ID_MAX, description: 'Id of the item' },
      deletedAt: {
        type: 'string',
        format: 'date-time',
        description: 'When the item was deleted; absent if there never was one',
        isOptional: true,
      },
    },
  },
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
  {
    code: 'item-exists',
    title: 'Item exists',
    retryable: false,
    meaning: 'Another item has the id of the new item. That item is unchanged.',
    remedy:
      'Choose another id, or replace the item at itemUrl with PUT. If this was a repeat after a lost ' +
      'answer, read it: it may be yours.',
    retry: 'Only after somebody has deleted the item.',
    members: {
      itemId: { type: 'string', maxLength: ID_MAX, description: 'Id of the item' },
      itemUrl: { type: 'string', ...LINK, description: 'URL of the item that has the id' },
    },
  },
  (itemId: string) => ({
    detail: `The id ${itemId} is taken. Choose another, or replace the item with PUT.`,
    members: { itemId },
    links: { itemUrl: itemPath(itemId) },
  }),
  ['bolt-m8'],
);

/** The id in the body is not the id in the path. RFC 9110 §9.3.4. */
export const itemIdDiffers = problem(
  ConflictException,
  {
    code: 'item-id-differs',
    title: 'Item id differs',
    retryable: false,
    meaning: 'The id in the body is not the id in the path. The service does not guess which one was meant.',
    remedy: 'Leave id out of the body, or make it equal to that in the path.',
  },
  (itemId: string, bodyId: string) => ({
    detail: `The body has the id ${shortened(bodyId)}, the path has ${itemId}. Leave id out, or make it equal.`,
    errors: [{ pointer: '/id', rule: 'equal', detail: `id must be ${itemId}, as in the path.` }],
  }),
  ['bolt-m8', 'bolt-m9'],
);

/** The version in the body is not the current one. RFC 9110 §15.5.10. */
export const itemVersionDiffers = problem(
  ConflictException,
  {
    code: 'item-version-differs',
    title: 'Item version differs',
    retryable: false,
    meaning:
      'The version in the body is not current: somebody else has changed or deleted the item since it was read. Nothing was ' +
      'changed, so that their change is not overwritten.',
    remedy:
      'Read the item again, make the change in its current state, and send that. To replace any state, or to create a deleted ' +
      'item again, leave version out.',
    retry: 'Not with this version. With the current one: yes.',
    members: {
      currentVersion: { type: 'integer', description: 'Current version of the item, or of its deletion' },
      deletedAt: {
        type: 'string',
        format: 'date-time',
        description: 'When the item was deleted; absent if it was not',
        isOptional: true,
      },
    },
  },
  (bodyVersion: number, currentVersion: number, deletedAt?: string | null) => ({
    detail: deletedAt
      ? `The body has version ${bodyVersion}, but the item was deleted since. Leave version out to create it again.`
      : `The body has version ${bodyVersion}, but version ${currentVersion} is current. Read that version, then send the change again.`,
    errors: [{ pointer: '/version', rule: 'current', detail: 'version must be the current one, or left out.' }],
    members: { currentVersion, ...(deletedAt && { deletedAt }) },
  }),
  [3, 4],
);

/** An operation of the patch does not fit the current item. RFC 5789 §2.2, RFC 6902 §5. */
export const patchDoesNotApply = problem(
  ConflictException,
  {
    code: 'patch-does-not-apply',
    title: 'Patch does not apply',
    retryable: false,
    meaning:
      'An operation of the patch does not fit the current item: a test failed, or its path does not exist. ' +
      'Nothing was changed, not even by the operations before it.',
    remedy: 'See errors: pointer names the operation. Read the item, and make a patch for its current state.',
    retry: 'Only if the item has changed so that the patch fits.',
    members: {
      currentVersion: { type: 'integer', description: 'Version of the item that the patch does not fit' },
    },
  },
  (errors: InputFault[], currentVersion: number) => ({
    detail: `An operation of the patch does not fit version ${currentVersion} of the item; see errors. Nothing was changed.`,
    errors,
    members: { currentVersion },
  }),
  [[{ pointer: '/0', rule: 'test', detail: 'The test failed: /attributes/colour is "red", not "blue".' }], 4],
);

/** The patch is well formed, but the item would break the rules after it. RFC 5789 §2.2, RFC 9110 §15.5.21. */
export const patchResultInvalid = problem(
  UnprocessableEntityException,
  {
    code: 'patch-result-invalid',
    title: 'Patch result invalid',
    retryable: false,
    meaning: 'The patch is well formed, but the item would be invalid after it. Nothing was changed.',
    remedy: `See errors: pointer names the member of the item. A patch can’t change ${READ_ONLY_NAMES}.`,
    retry: 'Only if the item has changed: the same patch of the same item is refused again.',
  },
  (errors: InputFault[] | Faults) => ({
    detail: 'The item would be invalid after this patch; see errors. Nothing was changed.',
    errors,
  }),
  [[{ pointer: '/name', rule: 'required', detail: 'name is missing.' }]],
);

/** The filter can't be understood, or is beyond its bounds. RFC 9110 §15.5.1. */
export const invalidFilter = problem(
  BadRequestException,
  {
    code: 'invalid-filter',
    title: 'Invalid filter',
    retryable: false,
    meaning: 'The filter can’t be understood, or has too many comparisons, parentheses or bytes.',
    remedy:
      'See errors: position says where the fault is, in code points from 0, and detail what is expected there. The filter must be ' +
      'percent-encoded in a URL: + as %2B, & as %26.',
  },
  ({ position, expected }: FilterFault) => ({
    detail: `The filter has a fault at position ${position}; see errors.`,
    errors: [
      {
        parameter: 'filter',
        rule: 'filter',
        detail: `At position ${position} of filter: expected ${expected}.`,
        position,
      },
    ],
  }),
  [new FilterFault(11, 'a time of RFC 3339, such as 2026-01-31T12:00:00Z; the + of an offset is %2B in a URL')],
);
