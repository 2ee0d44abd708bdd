import type { onSendHookHandler } from 'fastify';
import { SMALL_ANSWER_BYTES, type AnswersUnderWay } from './answers-under-way.js';

/** Longer text becomes bytes before it is written: Node would keep the text, and copy it once more to write it. */
const TEXT_LIMIT = 65_536;

/** Fastify's hook before an answer is sent: its true size takes the place of the one expected. */
export function countAnswer(underWay: AnswersUnderWay): onSendHookHandler {
  return ({ method, route }, reply, payload, done) => {
    const isText = typeof payload === 'string';
    const sent = isText && payload.length > TEXT_LIMIT ? Buffer.from(payload) : payload;
    const isSmall = isText && payload.length < SMALL_ANSWER_BYTES / 3;
    const { largestAnswerBytes, body, cacheControl } = route?.operation ?? {};
    if (!isSmall || largestAnswerBytes !== undefined || body !== undefined) {
      // A public document is the same bytes for everybody.
      underWay.made(reply.raw, method === 'HEAD' ? 0 : bytesOf(sent), cacheControl?.startsWith('public'));
    }
    done(null, sent);
  };
}

function bytesOf(payload: unknown): number {
  return typeof payload === 'string' || Buffer.isBuffer(payload) ? Buffer.byteLength(payload) : 0;
}
