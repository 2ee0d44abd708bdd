import { HttpException } from '@nestjs/common';
import { BODY_LIMIT_BYTES } from '../content.js';
import { bodyTooLarge, malformedRequest, unsupportedMediaType } from './http.problems.js';

/** Fastify's own refusals while it reads content, as problems. Nest wraps them, and keeps the original as cause. */
export function problemOfFastify(exception: unknown): HttpException | undefined {
  const error = exception instanceof HttpException ? exception.cause : exception;
  switch (error instanceof Error && 'code' in error && error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return bodyTooLarge(BODY_LIMIT_BYTES);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return unsupportedMediaType(undefined, 'application/json');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return malformedRequest('The content is not as long as Content-Length says.');
    default:
      return undefined;
  }
}
