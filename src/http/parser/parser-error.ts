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

// RFC 9112 §2.3: one digit, a dot, one digit. The parser gives the same error for text that is not a version.
const OTHER_VERSION = /HTTP\/(?!1\.[01])\d\.\d$/;

// Node's parser also knows the methods of RTSP (RFC 2326 §10, RFC 7826 §13) and the preface of HTTP/2.
const RTSP_METHODS =
  'ANNOUNCE DESCRIBE FLUSH GET_PARAMETER PAUSE PLAY RECORD REDIRECT SET_PARAMETER SETUP TEARDOWN'.split(' ');
const METHODS_OF_PARSER = [...METHODS, ...RTSP_METHODS, 'PRI'];

/** Errors that the parser gives at the method, and only if it is not HEAD. */
const ERRORS_OF_OTHER_METHODS = ['HPE_INVALID_METHOD', 'HPE_PAUSED_H2_UPGRADE'];

/** The problem for a message that Node's parser refused with this code. */
export function problemOf(code: string, message: RefusedMessage): HttpException {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return isInRequestLine(message) ? targetTooLong(TARGET_LIMIT_BYTES) : headerTooLarge(PARSER_LIMIT_BYTES, 'bytes');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return requestTimeout();
    // RFC 9113 §3.4: the preface of HTTP/2 looks like a request.
    case 'HPE_PAUSED_H2_UPGRADE':
      return versionNotSupported();
    case 'HPE_INVALID_VERSION':
      return OTHER_VERSION.test(message.before) ? versionNotSupported() : notAMessage();
    case 'HPE_INVALID_METHOD':
    // An RTSP method in an HTTP request line.
    case 'HPE_INVALID_CONSTANT': {
      const method = unknownMethodIn(message);
      return method ? methodNotImplemented(method) : notAMessage();
    }
    default:
      return notAMessage();
  }
}

/** What an answer has of a body: `sent`, the body; `withheld`, only its fields, as for HEAD; `none`, neither. */
export type BodyOfAnswer = 'sent' | 'withheld' | 'none';

/**
 * RFC 9110 §9.3.2: the answer to HEAD has no body. If the method came in an earlier packet or is incomplete, it is not
 * known, and the answer has no body either.
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

// Node keeps only the last packet of a message. If that is one run without spaces it is taken for a target: the value of a
// field can look like that too, but rarely with 32 KiB.
function isInRequestLine({ own, before }: RefusedMessage): boolean {
  return own === undefined ? /[A-Z] \/\S*$/.test(before) : /^(?:[A-Z]+ )?\S*$/.test(own);
}

/** The unknown method of a well-formed request line; undefined if the method may be the end of a body before it. */
function unknownMethodIn({ own, after }: RefusedMessage): string | undefined {
  const method = own === undefined ? undefined : REQUEST_LINE.exec(own + after)?.[1];
  return method !== undefined && METHODS.includes(method) ? undefined : method;
}
