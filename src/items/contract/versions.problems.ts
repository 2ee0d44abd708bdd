import { GoneException, NotFoundException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';
import { ID_MAX } from '../store/item.limits.js';

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

function detailOf(itemId: string, version?: number, at?: string, isDelete = false): string {
  if (version === undefined) return `At ${at} item ${itemId} ${isDelete ? 'was deleted' : 'did not exist yet'}.`;
  return isDelete
    ? `Version ${version} of item ${itemId} is a deletion, which has no state to restore.`
    : `Item ${itemId} has no version ${version}.`;
}
