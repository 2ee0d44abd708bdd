import type { Answer } from './answer.js';

/** What an answer says, without what differs from answer to answer: its date and request id. */
export function said({ status, headers, text }: Answer) {
  const requestId = String(headers['x-request-id']);
  return { status, headers: { ...headers, date: '', 'x-request-id': '' }, text: text.replace(requestId, '') };
}
