import type { HttpException } from '@nestjs/common';
import type { ConnectionError } from 'fastify';
import {
  headerTooLarge,
  malformedRequest,
  methodNotImplemented,
  requestTimeout,
  targetTooLong,
  versionNotSupported,
} from './problems/message.problems.js';
import { TARGET_LIMIT_BYTES } from './target.js';

/** The most that Node's parser takes as header block and request target together, in bytes. */
export const PARSER_LIMIT_BYTES = 32_768;

// RFC 9110 §5.6.2 token, then a target and the version: a request line whose method nobody knows.
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) \S+ HTTP\/1\.[01]\r?\n/;
const TOKEN_CHARACTER = /[!#$%&'*+.^_`|~0-9A-Za-z-]/;

// RFC 9112 §2.3: one digit, a dot, one digit. The parser has the same error for what is no version at all.
const OTHER_VERSION = /HTTP\/(?!1\.[01])\d\.\d$/;

/** The problem of a message that Node's parser refused. */
export function problemOf(error: ConnectionError): HttpException {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return isAmidRequestLine(error) ? targetTooLong(TARGET_LIMIT_BYTES) : headerTooLarge(PARSER_LIMIT_BYTES, 'bytes');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return requestTimeout();
    // RFC 9113 §3.4: the preface of HTTP/2, which is made to look like a request.
    case 'HPE_PAUSED_H2_UPGRADE':
      return versionNotSupported();
    case 'HPE_INVALID_VERSION':
      return OTHER_VERSION.test(textBefore(error)) ? versionNotSupported() : notAMessage();
    case 'HPE_INVALID_METHOD': {
      const method = unknownMethodIn(error);
      return method ? methodNotImplemented(method) : notAMessage();
    }
    default:
      return notAMessage();
  }
}

/** Whether the broken message is a HEAD, to which no content may be sent, as far as its bytes still show it. */
export function asksForHead(error: ConnectionError): boolean {
  const lines = textBefore(error).split('\r\n');
  const requestLine = lines.findLast((line) => / HTTP\/\d\.\d$/.test(line)) ?? lines.at(-1);
  return requestLine?.startsWith('HEAD ') === true;
}

function notAMessage(): HttpException {
  return malformedRequest('The bytes sent are not an HTTP/1.1 message.');
}

// What did not all arrive at once may hide its beginning; then it counts as part of the header block.
function isAmidRequestLine(error: ConnectionError): boolean {
  const begun = textBefore(error).split('\r\n').at(-1) ?? '';
  return /^[A-Z]+ \S+$/.test(begun);
}

/** The method of a well-formed request line around the byte that the parser stopped at; requests may stand before it. */
function unknownMethodIn(error: ConnectionError): string | undefined {
  const text = textOf(error);
  let start = error.bytesParsed;
  while (start > 0 && TOKEN_CHARACTER.test(text.charAt(start - 1))) start -= 1;
  return REQUEST_LINE.exec(text.slice(start))?.[1];
}

function textBefore(error: ConnectionError): string {
  return textOf(error).slice(0, error.bytesParsed);
}

// Fastify's type for it says that rawPacket is JSON; Node documents a Buffer (http, event 'clientError').
function textOf({ rawPacket }: ConnectionError): string {
  return (rawPacket as unknown as Buffer | undefined)?.toString('latin1') ?? '';
}
