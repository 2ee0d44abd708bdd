import { HttpException } from '@nestjs/common';
import { BODY_LIMIT_BYTES } from './head/content.js';
import { bodyTooLarge, unsupportedMediaType } from './head/content.problems.js';
import { malformedRequest } from './wire/message.problems.js';

/** Fastify's own refusals while it reads content, as problems. Nest wraps them, and keeps the original as cause. */
export function problemOfFastify(exception: unknown): HttpException | undefined {
  const error = exception instanceof HttpException ? exception.cause : exception;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return bodyTooLarge(BODY_LIMIT_BYTES);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return unsupportedMediaType(undefined, 'application/json');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return malformedRequest('The content is not as long as Content-Length says.');
    case 'ECONNRESET':
      // Node's error for content whose sender hung up (http, event 'aborted'); drivers of databases say other words.
      return message === 'aborted' ? malformedRequest('The connection ended before the content did.') : undefined;
    default:
      return undefined;
  }
}
