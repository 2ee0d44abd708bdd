import { ConflictException, GoneException, NotFoundException } from '@nestjs/common';
import { LINK } from '../../contract/openapi/bounds.js';
import { problem } from '../../problems/problem.js';
import { ID_MAX } from '../store/item.limits.js';
import { itemPath } from './item-path.js';

const MEMBERS = {
  itemId: { type: 'string', maxLength: ID_MAX, description: 'Id of the item' },
  version: { type: 'integer', description: 'The version that was asked for; absent if a time was', isOptional: true },
} as const;

/** The item never had this version, or had none at this time. RFC 9110 §15.5.5. */
export const versionNotFound = problem(
  NotFoundException,
  {
    code: 'version-not-found',
    title: 'Version not found',
    retryable: false,
    meaning:
      'The item never had this version, or none at the time that was asked for. A version that is a deletion can be read, but not restored.',
    remedy: 'GET /items/{id}/versions lists the versions that there are.',
    retry: 'Only after somebody has made that version.',
    members: MEMBERS,
  },
  (itemId: string, { version, at, isDelete }: { version?: number; at?: string; isDelete?: boolean }) => ({
    detail: detailOf(itemId, version, at, isDelete),
    members: { itemId, ...(version !== undefined && { version }) },
  }),
  ['bolt-m8', { version: 7 }],
);

/** The item had this version, or one at this time, but it was trimmed. RFC 9110 §15.5.11. */
export const versionTrimmed = problem(
  GoneException,
  {
    code: 'version-trimmed',
    title: 'Version trimmed',
    retryable: false,
    meaning:
      'The service keeps earlier versions for a while only, and this one was deleted. For a time before the oldest version that was kept, nobody knows any more what the item was then, or whether it existed.',
    remedy: 'GET /items/{id}/versions lists the versions that there are. The current state of an item is always kept.',
    retry: 'Never: what was trimmed does not come back.',
    members: MEMBERS,
  },
  (itemId: string, { version, at }: { version?: number; at?: string }) => ({
    detail: `${version === undefined ? `What item ${itemId} was at ${at}` : `Version ${version} of item ${itemId}`} was trimmed.`,
    members: { itemId, ...(version !== undefined && { version }) },
  }),
  ['bolt-m8', { version: 1 }],
);

/** The item had this version, or one at this time, but it was erased. RFC 9110 §15.5.11. */
export const versionErased = problem(
  GoneException,
  {
    code: 'version-erased',
    title: 'Version erased',
    retryable: false,
    meaning:
      'The item was deleted, and then somebody with the right to do so erased what its versions held. Only their numbers, operations, times and ' +
      'callers are left.',
    remedy:
      'GET /items/{id}/versions says what is left, and who erased the rest. Create the item again if it is needed.',
    retry: 'Never: what was erased does not come back.',
    members: MEMBERS,
  },
  (itemId: string, { version, at }: { version?: number; at?: string }) => ({
    detail: `${version === undefined ? `What item ${itemId} was at ${at}` : `Version ${version} of item ${itemId}`} was erased.`,
    members: { itemId, ...(version !== undefined && { version }) },
  }),
  ['bolt-m8', { version: 1 }],
);

/** Only the versions of a deleted item can be erased. RFC 9110 §15.5.10. */
export const itemNotDeleted = problem(
  ConflictException,
  {
    code: 'item-not-deleted',
    title: 'Item not deleted',
    retryable: false,
    meaning: 'The versions of an item can be erased only after it was deleted. This one is there. Nothing was done.',
    remedy: 'Delete the item at itemUrl first, then erase its versions.',
    retry: 'Only after somebody has deleted the item.',
    members: {
      itemId: { type: 'string', maxLength: ID_MAX, description: 'Id of the item' },
      itemUrl: { type: 'string', ...LINK, description: 'URL of the item' },
    },
  },
  (itemId: string) => ({
    detail: `Item ${itemId} is not deleted. Delete it first, then erase its versions.`,
    members: { itemId },
    links: { itemUrl: itemPath(itemId) },
  }),
  ['bolt-m8'],
);

function detailOf(itemId: string, version?: number, at?: string, isDelete = false): string {
  if (version === undefined) return `At ${at} item ${itemId} ${isDelete ? 'was deleted' : 'did not exist yet'}.`;
  return isDelete
    ? `Version ${version} of item ${itemId} has no state to restore: the item was deleted then.`
    : `Item ${itemId} has no version ${version}.`;
}
