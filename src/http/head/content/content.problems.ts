import { BadRequestException, NotAcceptableException, UnsupportedMediaTypeException } from '@nestjs/common';
import { NAME } from '../../../contract/openapi/bounds.js';
import { problem } from '../../../problems/problem.js';

/** The request has a body, but the operation takes none. RFC 9110 §9.3.1, §9.3.5. */
export const unexpectedContent = problem(
  BadRequestException,
  {
    code: 'unexpected-content',
    title: 'Unexpected content',
    retryable: false,
    meaning: 'The request has a body, but the operation takes none.',
    remedy: 'Send the request without a body. Some client libraries turn an empty object into a body such as {}.',
  },
  (method: string) => ({ detail: `This resource takes no body with ${method}. Send the request without one.` }),
  ['DELETE'],
);

/** The operation has no media type that fits Accept. RFC 9110 §12.4.1, §15.5.7. */
export const notAcceptable = problem(
  NotAcceptableException,
  {
    code: 'not-acceptable',
    title: 'Not acceptable',
    retryable: false,
    meaning: 'Accept excludes every media type that the operation answers with.',
    remedy: 'Accept one of mediaTypes, add */* to Accept, or leave Accept out.',
    members: {
      mediaTypes: {
        type: 'array',
        items: { type: 'string', ...NAME },
        description: 'The media types of the operation',
      },
    },
  },
  (accept: string, mediaTypes: string[]) => ({
    detail: `Accept ${accept.slice(0, 128)} excludes every media type of this operation: ${mediaTypes.join(', ')}.`,
    members: { mediaTypes },
  }),
  ['text/html', ['application/json']],
);

/** The body has a type that the operation does not read. RFC 9110 §15.5.16, §12.5.1. */
export const unsupportedMediaType = problem(
  UnsupportedMediaTypeException,
  {
    code: 'unsupported-media-type',
    title: 'Unsupported media type',
    retryable: false,
    meaning: 'The operation does not read bodies of this media type or charset.',
    remedy: 'Send a media type that Accept in the answer names, set Content-Type to it, and encode the body in UTF-8.',
  },
  (given: string | undefined, accept: string) => ({
    detail: `${given ? `This operation does not read Content-Type ${given}` : 'The body has no Content-Type'}. Send ${accept}, in UTF-8.`,
    fields: { accept },
  }),
  ['text/plain', 'application/json'],
);

/** The patch has a type that the resource does not take. RFC 5789 §2.2, §3.1. */
export const unsupportedPatchType = problem(
  UnsupportedMediaTypeException,
  {
    code: 'unsupported-patch-type',
    title: 'Unsupported patch type',
    retryable: false,
    meaning: 'The resource does not take patches of this media type, or the patch is not in UTF-8.',
    remedy: 'Send one of the media types in Accept-Patch, set Content-Type to it, and encode the patch in UTF-8.',
  },
  (given: string | undefined, acceptPatch: string) => ({
    detail: `${given ? `This resource takes no patch with Content-Type ${given}` : 'The patch has no Content-Type'}. Send ${acceptPatch}, in UTF-8.`,
    fields: { 'accept-patch': acceptPatch },
  }),
  ['text/plain', 'application/merge-patch+json, application/json-patch+json, application/json'],
);

/** The query has a type that the resource does not read. RFC 10008 §2.1, §3. */
export const unsupportedQueryType = problem(
  UnsupportedMediaTypeException,
  {
    code: 'unsupported-query-type',
    title: 'Unsupported query type',
    retryable: false,
    meaning: 'The resource does not read queries of this media type, or the query is not in UTF-8.',
    remedy: 'Send a media type that Accept-Query in the answer names, set Content-Type to it, and encode it in UTF-8.',
  },
  (given: string, acceptQuery: string) => ({
    detail: `This resource does not read a query with Content-Type ${given}. Send ${acceptQuery}, in UTF-8.`,
    fields: { 'accept-query': acceptQuery },
  }),
  ['application/json', 'application/x-www-form-urlencoded'],
);

/** A QUERY does not say what type its content has. RFC 10008 §2.1. */
export const missingContentType = problem(
  BadRequestException,
  {
    code: 'missing-content-type',
    title: 'Missing content type',
    retryable: false,
    meaning: 'A QUERY has no Content-Type, so what it asks is not known, even without a body.',
    remedy: 'Set Content-Type to a media type that Accept-Query in the answer names.',
  },
  (acceptQuery: string) => ({
    detail: `The QUERY has no Content-Type. Send ${acceptQuery}, and say so in Content-Type.`,
    fields: { 'accept-query': acceptQuery },
  }),
  ['application/x-www-form-urlencoded'],
);

/** The body has a content coding that the service does not decode. RFC 9110 §8.4, §12.5.3. */
export const unsupportedContentCoding = problem(
  UnsupportedMediaTypeException,
  {
    code: 'unsupported-content-coding',
    title: 'Unsupported content coding',
    retryable: false,
    meaning: 'The body has a Content-Encoding that the service does not decode.',
    remedy: 'Use a coding that Accept-Encoding in the answer names, or none.',
  },
  (given: string) => ({
    detail: `The service does not decode Content-Encoding ${given}. Send the body with gzip, or uncompressed.`,
    fields: { 'accept-encoding': 'gzip' },
  }),
  ['br'],
);
