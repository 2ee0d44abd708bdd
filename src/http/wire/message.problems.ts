import {
  BadRequestException,
  HttpVersionNotSupportedException,
  MisdirectedException,
  NotImplementedException,
  RequestTimeoutException,
} from '@nestjs/common';
import {
  ExpectationFailedException,
  RequestHeaderFieldsTooLargeException,
  UriTooLongException,
} from '../../problems/exceptions.js';
import { problem, type InputFault } from '../../problems/problem.js';

/** The message itself is broken: syntax, Host, target. RFC 9110 §15.5.1, RFC 9112 §3.2. */
export const malformedRequest = problem(
  BadRequestException,
  {
    code: 'malformed-request',
    title: 'Malformed request',
    retryable: false,
    meaning:
      'The service can’t read the message: its syntax, its Host, its target or its framing is wrong, or a field that may ' +
      'appear only once appears twice.',
    remedy:
      'Correct the program or proxy that builds the request. detail says what is wrong. The connection was closed; open a ' +
      'new one.',
  },
  // After a message that was misunderstood, nothing can safely be read as a request.
  (detail: string) => ({ detail, fields: { connection: 'close' } }),
  ['The path has a percent-encoding that is not UTF-8.'],
);

/** The request is for a host that this service does not answer for. RFC 9110 §7.4, §15.5.20. */
export const misdirected = problem(
  MisdirectedException,
  {
    code: 'misdirected-request',
    title: 'Misdirected request',
    retryable: false,
    meaning:
      'The request is for a host that this service does not answer for. A service without access control on a loopback ' +
      'address answers only for the names of that address, the host of PUBLIC_URL and ALLOWED_HOSTS. Otherwise any web page ' +
      'could reach it, through a name that leads to this machine.',
    remedy:
      'Check the host in the URL, and the Host that a proxy sends on. If the service should answer for this host, its ' +
      'operator adds it to ALLOWED_HOSTS.',
  },
  (host: string) => ({
    detail: `This service does not answer for the host ${host}. Check the URL. If it is right, add the host to ALLOWED_HOSTS.`,
  }),
  ['rebound.example:3000'],
);

/** No resource of this service supports the method. RFC 9110 §15.6.2. */
export const methodNotImplemented = problem(
  NotImplementedException,
  {
    code: 'method-not-implemented',
    title: 'Method not implemented',
    retryable: false,
    meaning: 'No resource of this service supports the method. Methods are case-sensitive.',
    remedy: 'Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in capitals.',
  },
  (method: string) => ({ detail: `No resource of this service supports the method ${method}.` }),
  ['PROPFIND'],
);

/** The request was not finished in time. RFC 9110 §15.5.9. */
export const requestTimeout = problem(
  RequestTimeoutException,
  {
    code: 'request-timeout',
    title: 'Request timeout',
    retryable: true,
    meaning: 'The request did not arrive in time. The connection was closed, and nothing was done.',
    remedy:
      'Send the request again on a new connection. If this happens often, look for a slow network or a client that begins ' +
      'a request and then waits.',
    retry: 'Yes, at once: the operation did not start.',
  },
  () => ({ detail: 'The request did not arrive in time. Send it again.' }),
  [],
);

/** An expectation other than 100-continue. RFC 9110 §10.1.1, §15.5.18. */
export const expectationFailed = problem(
  ExpectationFailedException,
  {
    code: 'expectation-failed',
    title: 'Expectation failed',
    retryable: false,
    meaning: 'The field Expect asks for something other than 100-continue.',
    remedy: 'Leave Expect out, or send 100-continue.',
  },
  (expectation: string) => ({
    detail: `Expect ${expectation} is not supported. Send 100-continue, or leave Expect out.`,
  }),
  ['200-ok'],
);

/** The request target is longer than the service reads. RFC 9110 §15.5.15. */
export const targetTooLong = problem(
  UriTooLongException,
  {
    code: 'target-too-long',
    title: 'Request target too long',
    retryable: false,
    meaning: 'The request target, path and query together, is longer than the service reads.',
    remedy: 'Keep it within limitBytes. Look for repeated parameters, and for data that belongs in a body.',
    members: { limitBytes: { type: 'integer', description: 'Longest target that is read, in bytes' } },
  },
  (limitBytes: number) => ({
    detail: `The request target is longer than ${limitBytes} bytes.`,
    members: { limitBytes },
  }),
  [8_192],
);

/** The header block is larger than the service reads. `field` takes more than half of the limit. RFC 6585 §5. */
export const headerTooLarge = problem(
  RequestHeaderFieldsTooLargeException,
  {
    code: 'header-too-large',
    title: 'Header fields too large',
    retryable: false,
    meaning: 'The header fields are too large in total, or there are too many.',
    remedy:
      'Send fewer or shorter fields. If one field takes more than half of the limit, errors names it. Cookies are the usual ' +
      'cause.',
    members: {
      limitBytes: { type: 'integer', description: 'Largest header block that is read, in bytes', isOptional: true },
      limitFields: { type: 'integer', description: 'Most fields that are read', isOptional: true },
    },
  },
  (limit: number, unit: 'bytes' | 'fields', field?: string) => ({
    detail: `The header block has more than ${limit} ${unit}.`,
    members: { [unit === 'bytes' ? 'limitBytes' : 'limitFields']: limit },
    ...(field && { errors: [sizeFault(field.slice(0, 128), unit)] }),
  }),
  [16_384, 'bytes', 'cookie'],
);

/** The service does not support the HTTP version of the request. RFC 9110 §15.6.6. */
export const versionNotSupported = problem(
  HttpVersionNotSupportedException,
  {
    code: 'version-not-supported',
    title: 'HTTP version not supported',
    retryable: false,
    meaning: 'The service does not support the HTTP version of the request.',
    remedy: 'Use HTTP/1.1. A proxy in front of the service may use other versions with clients.',
  },
  () => ({ detail: 'The service supports HTTP/1.1 and HTTP/1.0.' }),
  [],
);

function sizeFault(header: string, unit: string): InputFault {
  return { header, rule: 'size', detail: `${header} alone takes more than half of the ${unit} allowed.` };
}
