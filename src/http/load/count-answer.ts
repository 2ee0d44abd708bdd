import type { onSendHookHandler } from 'fastify';
import type { AnswersUnderWay } from '../wire/answers-under-way.js';
import { SMALL_ANSWER_BYTES } from '../wire/connection-share.js';

/** Fastify's hook before an answer is sent: replaces the expected size by the true one. */
export function countAnswer(underWay: AnswersUnderWay): onSendHookHandler {
  return ({ method, route }, reply, payload, done) => {
    const isSmall = typeof payload === 'string' && payload.length < SMALL_ANSWER_BYTES / 3;
    const { largestAnswerBytes, body, cacheControl } = route?.operation ?? {};
    if (!isSmall || largestAnswerBytes !== undefined || body !== undefined) {
      // All answers with a public document share its bytes.
      underWay.made(reply.raw, method === 'HEAD' ? 0 : bytesOf(payload), cacheControl?.startsWith('public'));
    } else {
      underWay.whole.madeForNobody(reply.raw);
    }
    done(null, payload);
  };
}

function bytesOf(payload: unknown): number {
  return typeof payload === 'string' || Buffer.isBuffer(payload) ? Buffer.byteLength(payload) : 0;
}
