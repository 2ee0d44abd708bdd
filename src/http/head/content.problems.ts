import { BadRequestException, NotAcceptableException, UnsupportedMediaTypeException } from '@nestjs/common';
import { NAME } from '../../contract/openapi/bounds.js';
import { problem } from '../../problems/problem.js';

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

/** The operation has no content that fits Accept. RFC 9110 §12.4.1, §15.5.7. */
export const notAcceptable = problem(
  NotAcceptableException,
  {
    code: 'not-acceptable',
    title: 'Not acceptable',
    retryable: false,
    meaning: 'Accept excludes every media type that the operation answers with.',
    remedy: 'Accept one of mediaTypes, add */* to what you accept, or leave Accept out.',
    members: {
      mediaTypes: {
        type: 'array',
        items: { type: 'string', ...NAME },
        description: 'What the operation can answer with',
      },
    },
  },
  (accept: string, mediaTypes: string[]) => ({
    detail: `Accept ${accept.slice(0, 128)} excludes all that is on offer here: ${mediaTypes.join(', ')}.`,
    members: { mediaTypes },
  }),
  ['text/html', ['application/json']],
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
    fields: { accept },
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
    remedy: 'Send one of the types in Accept-Patch, and say so in Content-Type.',
  },
  (given: string | undefined, acceptPatch: string) => ({
    detail: `${given ? `Content-Type ${given}` : 'Content without a Content-Type'} is no patch that is taken here. Send ${acceptPatch}, in UTF-8.`,
    fields: { 'accept-patch': acceptPatch },
  }),
  ['text/plain', 'application/merge-patch+json, application/json-patch+json, application/json'],
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
    fields: { 'accept-encoding': 'gzip' },
  }),
  ['br'],
);
