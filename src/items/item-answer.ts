import type { FastifyReply } from 'fastify';
import type { PublicUrl } from '../config/public-url.js';
import { followedPreference, type ReturnPreference } from '../http/fields/prefer.js';
import { itemPath } from './contract/item-path.js';
import { toItemDto, type ItemDto } from './dto/item.dto.js';
import { entityTagOf } from './item-etag.js';
import type { Command } from './items.rules.js';
import type { Done } from './jobs.rules.js';

/** The answer to a change that was carried out: of a request, or of an operation of a batch. */
export interface ItemAnswer {
  status: number;
  /** Header fields, by their names in the RFCs. */
  fields: Record<string, string>;
  /** undefined if the answer has no content. */
  body: ItemDto | undefined;
}

/** Sends an answer: sets its status and fields, and gives its body. */
export function sent({ status, fields, body }: ItemAnswer, reply: FastifyReply): ItemDto | undefined {
  reply.status(status).headers(fields);
  return body;
}

/** The answer to a change of this kind. Pure. */
export function answerTo(
  kind: Command['kind'],
  { item, status, isMinimal, isReplay }: Done,
  preference: ReturnPreference,
  publicUrl: PublicUrl,
): ItemAnswer {
  const url = publicUrl.of(itemPath(item.id));
  const fields: Record<string, string> = {};
  if (kind === 'create' || (kind === 'restore' && status === 201)) fields.Location = url;
  // RFC 9110 §9.3.4: no ETag of a PUT, since the stored item has a version and times that the body did not have.
  if (kind !== 'replace' && !hasNoContent(kind)) fields.ETag = entityTagOf(item);
  // draft-ietf-httpapi-idempotency-key-header-07 does not say how a repeated answer is marked.
  if (isReplay) fields['Idempotency-Replayed'] = 'true';
  if (hasNoContent(kind)) return { status, fields, body: undefined };
  const followed = followedPreference(preference, isMinimal);
  if (followed !== undefined) fields['Preference-Applied'] = followed;
  // RFC 9110 §8.7: without content, Content-Location would be wrong.
  if (isMinimal) return { status, fields, body: undefined };
  fields['Content-Location'] = url;
  return { status, fields, body: toItemDto(item) };
}

function hasNoContent(kind: Command['kind']): boolean {
  return kind === 'delete' || kind === 'erase';
}
