import { METHODS } from 'node:http';
import type { HttpException } from '@nestjs/common';
import {
  headerTooLarge,
  malformedRequest,
  methodNotImplemented,
  requestTimeout,
  targetTooLong,
  versionNotSupported,
} from '../wire/message.problems.js';
import type { RefusedMessage } from './refused-message.js';
import { PARSER_LIMIT_BYTES, TARGET_LIMIT_BYTES } from '../wire/size-limits.js';

// RFC 9110 §5.6.2 token, then a target and the version.
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) \S+ HTTP\/1\.[01]\r?\n/;

// RFC 9112 §2.3: one digit, a dot, one digit. The parser has the same error for what is no version at all.
const OTHER_VERSION = /HTTP\/(?!1\.[01])\d\.\d$/;

// Those of RTSP (RFC 2326 §10, RFC 7826 §13) and the preface of HTTP/2, besides those of HTTP.
const RTSP_METHODS =
  'ANNOUNCE DESCRIBE FLUSH GET_PARAMETER PAUSE PLAY RECORD REDIRECT SET_PARAMETER SETUP TEARDOWN'.split(' ');
const METHODS_OF_PARSER = [...METHODS, ...RTSP_METHODS, 'PRI'];

/** They come with the method, and when it is another than HEAD. */
const ERRORS_OF_OTHER_METHODS = ['HPE_INVALID_METHOD', 'HPE_PAUSED_H2_UPGRADE'];

/** The problem of a message that Node's parser refused with this code. */
export function problemOf(code: string, message: RefusedMessage): HttpException {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return isAmidRequestLine(message)
        ? targetTooLong(TARGET_LIMIT_BYTES)
        : headerTooLarge(PARSER_LIMIT_BYTES, 'bytes');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return requestTimeout();
    // RFC 9113 §3.4: the preface of HTTP/2, which is made to look like a request.
    case 'HPE_PAUSED_H2_UPGRADE':
      return versionNotSupported();
    case 'HPE_INVALID_VERSION':
      return OTHER_VERSION.test(message.before) ? versionNotSupported() : notAMessage();
    case 'HPE_INVALID_METHOD':
    // A method of RTSP in a request line of HTTP.
    case 'HPE_INVALID_CONSTANT': {
      const method = unknownMethodIn(message);
      return method ? methodNotImplemented(method) : notAMessage();
    }
    default:
      return notAMessage();
  }
}

/** What an answer may have of content: all; its fields alone, as HEAD gets them; or nothing of it. */
export type BodyOfAnswer = 'sent' | 'withheld' | 'none';

/**
 * RFC 9110 §9.3.2: HEAD gets no content. So nobody does whose method can't be known, because it came in an earlier packet,
 * or not whole.
 */
export function bodyFor(code: string, { own, methodOfHead, isNothing }: RefusedMessage): BodyOfAnswer {
  if (isNothing || ERRORS_OF_OTHER_METHODS.includes(code)) return 'sent';
  const method = methodOfHead ?? METHODS_OF_PARSER.find((one) => own?.startsWith(`${one} `));
  if (method === undefined) return 'none';
  return method === 'HEAD' ? 'withheld' : 'sent';
}

function notAMessage(): HttpException {
  return malformedRequest('The bytes sent are not an HTTP/1.1 message.');
}

// Of what came in several packets only the last is left. In it a target is a run without spaces; so may the value of a
// field be, but few of 32 KiB are.
function isAmidRequestLine({ own, before }: RefusedMessage): boolean {
  return own === undefined ? /[A-Z] \/\S*$/.test(before) : /^(?:[A-Z]+ )?\S*$/.test(own);
}

/** The method of a well-formed request line whose method nobody knows; undefined where it can't be told from a body before it. */
function unknownMethodIn({ own, after }: RefusedMessage): string | undefined {
  const method = own === undefined ? undefined : REQUEST_LINE.exec(own + after)?.[1];
  return method !== undefined && METHODS.includes(method) ? undefined : method;
}
