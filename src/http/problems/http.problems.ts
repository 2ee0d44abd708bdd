import {
  BadRequestException,
  HttpVersionNotSupportedException,
  InternalServerErrorException,
  MethodNotAllowedException,
  NotAcceptableException,
  NotFoundException,
  NotImplementedException,
  PayloadTooLargeException,
  PreconditionFailedException,
  RequestTimeoutException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import {
  ExpectationFailedException,
  PreconditionRequiredException,
  RequestHeaderFieldsTooLargeException,
  UriTooLongException,
} from './exceptions.js';
import { problem, type InputFault } from './problem.js';

/** The message itself is broken: syntax, Host, target. RFC 9110 §15.5.1, RFC 9112 §3.2. */
export const malformedRequest = problem(
  BadRequestException,
  {
    code: 'malformed-request',
    title: 'Malformed request',
    retryable: false,
    meaning:
      'The message can’t be read safely: its syntax, its Host, its target or its framing is broken, or a ' +
      'field that may stand once stands twice.',
    remedy:
      'Look at how the request is built, most often by a proxy or by hand. detail names the part that is ' +
      'broken. The connection was closed; open a new one.',
  },
  // Where one message was misunderstood, nothing after it may be taken for a request.
  (detail: string) => ({ detail, headers: { connection: 'close' } }),
  ['The path holds a percent-encoding that is not UTF-8.'],
);

/** No route has this path. RFC 9110 §15.5.5. */
export const routeNotFound = problem(
  NotFoundException,
  {
    code: 'route-not-found',
    title: 'Route not found',
    retryable: false,
    meaning: 'The service has nothing at this path.',
    remedy:
      'Compare the path with the index at / or with the API documentation. A trailing slash, and upper case ' +
      'for lower, make another path.',
    retry: 'Not as it is, unless a later release of the service adds the path.',
  },
  (path: string) => ({ detail: `The service has no resource at ${path}. GET / lists what it has.` }),
  ['/itmes'],
);

/** The resource exists, but not with this method; Allow lists those it has. RFC 9110 §15.5.6. */
export const methodNotAllowed = problem(
  MethodNotAllowedException,
  {
    code: 'method-not-allowed',
    title: 'Method not allowed',
    retryable: false,
    meaning: 'The resource exists, but does not offer this method.',
    remedy: 'Use one of the methods in the field Allow.',
    retry: 'Not as it is: what a resource offers does not change while the service runs.',
  },
  (method: string, allow: string) => ({
    detail: `${method} is not offered here. This resource offers ${allow}.`,
    headers: { allow },
  }),
  ['PATCH', 'GET, HEAD, OPTIONS, POST'],
);

/** No resource of this service knows the method. RFC 9110 §15.6.2. */
export const methodNotImplemented = problem(
  NotImplementedException,
  {
    code: 'method-not-implemented',
    title: 'Method not implemented',
    retryable: false,
    meaning: 'No resource of this service knows the method. Methods are case-sensitive.',
    remedy: 'Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in capitals, as the API documentation has them.',
  },
  (method: string) => ({ detail: `${method} is a method that no resource of this service knows.` }),
  ['PROPFIND'],
);

/** A path parameter breaks its grammar. */
export const invalidPath = problem(
  BadRequestException,
  {
    code: 'invalid-path',
    title: 'Invalid path parameter',
    retryable: false,
    meaning: 'A parameter in the path breaks its rules, such as the id of an item.',
    remedy: 'Look into errors, which names each parameter and its rule. Percent-encode what a path can’t hold.',
  },
  (errors: InputFault[]) => ({ detail: 'A parameter in the path breaks its rules; see errors.', errors }),
  [[{ parameter: 'id', rule: 'pattern', detail: 'id must be 1 to 128 of A-Z a-z 0-9 . _ ~ : - …' }]],
);

/** A query parameter is unknown, repeated or out of range. */
export const invalidQuery = problem(
  BadRequestException,
  {
    code: 'invalid-query',
    title: 'Invalid query',
    retryable: false,
    meaning: 'A query parameter is unknown, is given more than once, or has a value out of its range.',
    remedy:
      'Look into errors, which names every such parameter and its rule. Nothing is ignored or capped in silence, so leave ' +
      'out what the operation does not know.',
  },
  (errors: InputFault[]) => ({ detail: 'The query breaks the rules of this operation; see errors.', errors }),
  [[{ parameter: 'limit', rule: 'integer', detail: 'limit must be a whole number from 1 to 200, in digits.' }]],
);

/** The cursor is damaged, or was made by another listing. */
export const invalidCursor = problem(
  BadRequestException,
  {
    code: 'invalid-cursor',
    title: 'Invalid cursor',
    retryable: false,
    meaning: 'The cursor is damaged, or belongs to another listing.',
    remedy:
      'Send next of the page before, or the target of its Link, exactly as it came. If it is lost, start ' +
      'again without a cursor.',
    retry: 'Not with this cursor. A cursor as it was given never expires.',
  },
  () => ({
    detail: 'The cursor is damaged or belongs to another listing. Start again without one, or follow next as given.',
    errors: [{ parameter: 'cursor', rule: 'cursor', detail: 'cursor must be the value of next of an earlier page.' }],
  }),
  [],
);

/** An Idempotency-Key that is none. draft-ietf-httpapi-idempotency-key-header-07 §2.1. */
export const invalidIdempotencyKey = problem(
  BadRequestException,
  {
    code: 'invalid-idempotency-key',
    title: 'Invalid Idempotency-Key',
    retryable: false,
    meaning: 'The Idempotency-Key is empty, too long, or holds other characters than visible ASCII. Nothing was done.',
    remedy: 'Take a new UUID for each new request, and keep it for the repeats of that request.',
  },
  () => ({
    detail: 'The Idempotency-Key is not usable; see errors. A new UUID for each new request is a good key.',
    errors: [
      {
        header: 'Idempotency-Key',
        rule: 'key',
        detail: 'Idempotency-Key must be 1 to 255 visible ASCII characters, bare or as a quoted string.',
      },
    ],
  }),
  [],
);

/** If-Match or If-None-Match is no list of entity-tags. RFC 9110 §8.8.3, §13.1. */
export const malformedPrecondition = problem(
  BadRequestException,
  {
    code: 'malformed-precondition',
    title: 'Malformed precondition',
    retryable: false,
    meaning:
      'If-Match or If-None-Match is no list of entity-tags, so the service can’t know what the request ' +
      'depends on. Nothing was done.',
    remedy: 'Send the ETag of an earlier answer as it came, its quotes included, or * alone.',
  },
  (errors: InputFault[]) => ({
    detail: 'A precondition of the request is unreadable; see errors. Nothing was done.',
    errors,
  }),
  [[{ header: 'If-Match', rule: 'entity-tags', detail: 'If-Match must be * alone, or entity-tags in quotes …' }]],
);

/** A condition of the request does not hold for what is there now. RFC 9110 §13.1, §15.5.13. */
export const preconditionFailed = problem(
  PreconditionFailedException,
  {
    code: 'precondition-failed',
    title: 'Precondition failed',
    retryable: false,
    meaning:
      'The request depended on a state that is not the present one. Somebody else changed the item in ' +
      'between, or made or deleted it. Nothing was done.',
    remedy: 'Read what is there now, decide whether the change still makes sense, and send it with the new ETag.',
    retry: 'Not with the same condition. After reading anew: yes, that is what conditions are for.',
  },
  (field: string, currentVersion?: number) => ({
    detail:
      currentVersion === undefined
        ? `The condition of ${field} does not hold. Nothing was done. Read what is there now, and decide anew.`
        : `The condition of ${field} does not hold: version ${currentVersion} is current. Nothing was done. ` +
          'Read it, and decide anew.',
    ...(currentVersion !== undefined && { members: { currentVersion } }),
  }),
  ['If-Match', 4],
);

/** A change must say which version it expects (REQUIRE_PRECONDITIONS). RFC 6585 §3. */
export const preconditionRequired = problem(
  PreconditionRequiredException,
  {
    code: 'precondition-required',
    title: 'Precondition required',
    retryable: false,
    meaning: 'This service takes changes only with a condition, so that nobody overwrites what they have not seen.',
    remedy: 'Read the item and send its ETag in If-Match. To create one and never overwrite, send If-None-Match: *.',
    retry: 'Not as it is. With a condition: yes.',
  },
  (mayCreate: boolean) => ({
    detail:
      'Changes must say what they expect to be there. GET it, and send its ETag in If-Match' +
      (mayCreate ? '; to create, and never overwrite, send If-None-Match: *.' : '.'),
  }),
  [true],
);

/** Content where the method gives it no meaning. RFC 9110 §9.3.1, §9.3.5. */
export const unexpectedContent = problem(
  BadRequestException,
  {
    code: 'unexpected-content',
    title: 'Unexpected content',
    retryable: false,
    meaning: 'The request has content where the method gives it no meaning.',
    remedy: 'Send it without a body. Some client libraries add one, such as {}, if they are given an empty object.',
  },
  (method: string) => ({ detail: `${method} takes no content here. Send the request without a body.` }),
  ['DELETE'],
);

/** The content was sent with gzip, and is none, or is damaged, cut off or followed by other bytes. RFC 1952. */
export const malformedGzip = problem(
  BadRequestException,
  {
    code: 'malformed-gzip',
    title: 'Malformed gzip',
    retryable: false,
    meaning: 'The content was sent as gzip, and is none, or is damaged or cut off.',
    remedy:
      'Compress the body as one whole gzip stream with nothing behind it, or send it as it is, without ' +
      'Content-Encoding.',
  },
  () => ({ detail: 'The body is not what Content-Encoding says: gzip data that is whole, and nothing behind it.' }),
  [],
);

/** The content is not JSON text in UTF-8. RFC 8259. */
export const malformedJson = problem(
  BadRequestException,
  {
    code: 'malformed-json',
    title: 'Malformed JSON',
    retryable: false,
    meaning: 'The body is no JSON text in UTF-8, or holds what could not be given back as it was sent.',
    remedy:
      'Let a JSON library write the body. detail says what is wrong, position where (characters from 0), pointer in which member.',
  },
  (cause: string, position: number, pointer?: string) => ({
    detail: `The body is not JSON: ${cause}.`,
    members: { position, ...(pointer !== undefined && { pointer }) },
  }),
  ['unexpected character at line 1, column 9', 8, '/name'],
);

/** The content is JSON, but breaks the rules of this operation: every fault at once. */
export const invalidBody = problem(
  BadRequestException,
  {
    code: 'invalid-body',
    title: 'Invalid body',
    retryable: false,
    meaning: 'The body is JSON, but breaks the rules of the operation.',
    remedy:
      'Look into errors, which has every fault at once: pointer says where, rule which rule, detail what to send instead. ' +
      'The API documentation has the schema.',
  },
  (errors: InputFault[]) => ({ detail: 'The body breaks the rules of this operation; see errors.', errors }),
  [[{ pointer: '/name', rule: 'required', detail: 'name is missing.' }]],
);

/** The request was not finished in time. RFC 9110 §15.5.9. */
export const requestTimeout = problem(
  RequestTimeoutException,
  {
    code: 'request-timeout',
    title: 'Request timeout',
    retryable: true,
    meaning:
      'The request did not arrive in the time that the service waits for it. The connection was closed, and ' +
      'nothing was done.',
    remedy:
      'Send it again on a new connection. If it happens often, look for a slow network or a client that ' +
      'opens a connection and then waits.',
    retry: 'Yes, at once; the operation never began.',
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
  (expectation: string) => ({ detail: `Expect ${expectation} is not met here. Send 100-continue, or no Expect.` }),
  ['200-ok'],
);

/** The operation has no content that fits Accept. RFC 9110 §12.4.1, §15.5.7. */
export const notAcceptable = problem(
  NotAcceptableException,
  {
    code: 'not-acceptable',
    title: 'Not acceptable',
    retryable: false,
    meaning: 'Accept excludes every media type that the operation answers with.',
    remedy: 'Accept one of mediaTypes, add */* to what you accept, or leave Accept out.',
  },
  (accept: string, mediaTypes: string[]) => ({
    detail: `Accept ${accept.slice(0, 128)} excludes all that is on offer here: ${mediaTypes.join(', ')}.`,
    members: { mediaTypes },
  }),
  ['text/html', ['application/json']],
);

/** More content than the operation takes. RFC 9110 §15.5.14. */
export const bodyTooLarge = problem(
  PayloadTooLargeException,
  {
    code: 'body-too-large',
    title: 'Body too large',
    retryable: false,
    meaning: 'The body is larger than the operation takes. It was not read to its end, and the connection was closed.',
    remedy: 'Keep the body within limitBytes. What is too much for one item may be worth several.',
  },
  (limitBytes: number) => ({
    detail: `The body is larger than the ${limitBytes} bytes that this operation takes.`,
    members: { limitBytes },
    // Before all content was read; nothing after it may be taken for a request.
    headers: { connection: 'close' },
  }),
  [1_048_576],
);

/** Content of a type that the operation does not read. RFC 9110 §15.5.16, §12.5.1. */
export const unsupportedMediaType = problem(
  UnsupportedMediaTypeException,
  {
    code: 'unsupported-media-type',
    title: 'Unsupported media type',
    retryable: false,
    meaning: 'The operation does not read content of this type, or in this charset.',
    remedy: 'Send what the field Accept of the answer names, say so in Content-Type, and encode it in UTF-8.',
  },
  (given: string | undefined, accept: string) => ({
    detail: `${given ? `Content-Type ${given}` : 'Content without a Content-Type'} is not read here. Send ${accept}, in UTF-8.`,
    headers: { accept },
  }),
  ['text/plain', 'application/json'],
);

/** A patch of a type that the resource does not take. RFC 5789 §2.2, §3.1. */
export const unsupportedPatchType = problem(
  UnsupportedMediaTypeException,
  {
    code: 'unsupported-patch-type',
    title: 'Unsupported patch type',
    retryable: false,
    meaning: 'The patch is of a type that the resource does not take, or in another charset than UTF-8.',
    remedy: 'Send one of the types in Accept-Patch, and say so in Content-Type. Plain application/json is no patch.',
  },
  (given: string | undefined, acceptPatch: string) => ({
    detail: `${given ? `Content-Type ${given}` : 'Content without a Content-Type'} is no patch that is taken here. Send ${acceptPatch}, in UTF-8.`,
    headers: { 'accept-patch': acceptPatch },
  }),
  ['application/json', 'application/merge-patch+json, application/json-patch+json'],
);

/** Content with a coding that the service does not undo. RFC 9110 §8.4, §12.5.3. */
export const unsupportedContentCoding = problem(
  UnsupportedMediaTypeException,
  {
    code: 'unsupported-content-coding',
    title: 'Unsupported content coding',
    retryable: false,
    meaning: 'The content is encoded, by Content-Encoding, in a way that the service does not undo.',
    remedy: 'Encode it as the field Accept-Encoding of the answer says; identity means not at all.',
  },
  (given: string) => ({
    detail: `Content-Encoding ${given} is not read here. Send the content as it is, or with gzip.`,
    headers: { 'accept-encoding': 'gzip' },
  }),
  ['br'],
);

/** The request target is longer than the service reads. RFC 9110 §15.5.15. */
export const targetTooLong = problem(
  UriTooLongException,
  {
    code: 'target-too-long',
    title: 'Request target too long',
    retryable: false,
    meaning: 'The request target, path and query together, is longer than the service reads.',
    remedy: 'Keep it within limitBytes. Look for parameters that are repeated or that carry content.',
  },
  (limitBytes: number) => ({
    detail: `The request target is longer than ${limitBytes} bytes.`,
    members: { limitBytes },
  }),
  [8_192],
);

/** There is more in the header block than the service reads; `field` is the one to blame. RFC 6585 §5. */
export const headerTooLarge = problem(
  RequestHeaderFieldsTooLargeException,
  {
    code: 'header-too-large',
    title: 'Header fields too large',
    retryable: false,
    meaning: 'The header fields are larger together, or more in number, than the service reads.',
    remedy:
      'Look into errors, which names a field that takes the most, if one does; cookies are the usual cause. Send fewer or ' +
      'shorter fields.',
  },
  (limit: number, unit: 'bytes' | 'fields', field?: string) => ({
    detail: `The header block has more than ${limit} ${unit}.`,
    members: { [unit === 'bytes' ? 'limitBytes' : 'limitFields']: limit },
    ...(field && { errors: [sizeFault(field.slice(0, 128), unit)] }),
  }),
  [16_384, 'bytes', 'cookie'],
);

function sizeFault(header: string, unit: string): InputFault {
  return { header, rule: 'size', detail: `${header} alone takes more than half of the ${unit} that are read.` };
}

/** An HTTP version that the parser does not speak. RFC 9110 §15.6.6. */
export const versionNotSupported = problem(
  HttpVersionNotSupportedException,
  {
    code: 'version-not-supported',
    title: 'HTTP version not supported',
    retryable: false,
    meaning: 'The request is in a version of HTTP that the service does not speak.',
    remedy: 'Speak HTTP/1.1. A proxy before the service may speak other versions to you.',
  },
  () => ({ detail: 'The service speaks HTTP/1.1 and HTTP/1.0.' }),
  [],
);

/** Something the service did not foresee; its cause stands in the log under the request id. RFC 9110 §15.6.1. */
export const unexpected = problem(
  InternalServerErrorException,
  {
    code: 'unexpected',
    title: 'Unexpected error',
    retryable: false,
    meaning:
      'The service failed in a way that nobody foresaw: a defect of the service. A change may or may not ' +
      'have been made.',
    remedy:
      'Give requestId to the operators; the cause stands in their log under it. Before repeating a change, ' +
      'read what is there.',
    retry: 'It seldom helps. A read does no harm; a change only after looking.',
  },
  () => ({ detail: 'The service failed in a way that it did not foresee. Its operators find the cause by requestId.' }),
  [],
);
