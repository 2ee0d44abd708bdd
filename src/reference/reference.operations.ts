import {
  conditionalRead,
  everyOperation,
  whileBusy,
  negotiated,
  withoutBody,
  withPathParameter,
} from '../http/common-answers.js';
import { responseField, type ResponseFields } from '../contract/fields.js';
import { answers, operation } from '../contract/operation.js';
import { routeNotFound } from '../http/head/head.problems.js';
import { HTML } from './pages/page.js';
import { ProblemTypeDto, ProblemTypesDto, StatusCodesDto } from './reference.dto.js';
import { ExampleDto, IndexDto } from './index.dto.js';

export const getIndex = operation({
  id: 'getIndex',
  method: 'GET',
  tag: 'Service',
  path: '/',
  summary: 'What the service has, with links',
  answers: answers(everyOperation, withoutBody, negotiated, whileBusy, {
    200: { description: 'The index', body: IndexDto },
  }),
});

export const getExample = operation({
  id: 'getExample',
  method: 'GET',
  tag: 'Service',
  path: '/example',
  summary: 'A request that always succeeds',
  answers: answers(everyOperation, withoutBody, negotiated, whileBusy, {
    200: { description: 'Success', body: ExampleDto },
  }),
});

/** The header fields that only pages have. */
const OF_PAGES = ['Content-Security-Policy', 'Referrer-Policy'];

/** The header fields of answers that only pages have, described. */
export const REFERENCE_RESPONSE_FIELDS: ResponseFields = {
  'Content-Security-Policy': responseField(
    'What the page may load',
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    { maxLength: 1_000 },
  ),
  'Referrer-Policy': responseField('What links from the page tell other sites', 'no-referrer', {
    enum: ['no-referrer'],
  }),
};

const CACHED = 'public, max-age=300';

const DOCUMENT_TAG = { fields: { ETag: '"x0Gq2n1Zk8Jr4Vb7Tc5Ywd"' } };

/** The answers of bodies that stay the same while the service runs. All of them are cached. */
const document = {
  ...conditionalRead,
  304: { description: 'The client has it already', fields: ['ETag'], example: DOCUMENT_TAG },
};

export const getOpenApi = operation({
  id: 'getOpenApi',
  method: 'GET',
  tag: 'Service',
  path: '/openapi.json',
  summary: 'This document',
  cacheControl: CACHED,
  answers: answers(everyOperation, withoutBody, negotiated, whileBusy, document, {
    200: {
      description: 'The OpenAPI document',
      mediaTypes: ['application/json'],
      fields: ['ETag'],
      example: {
        ...DOCUMENT_TAG,
        content: { openapi: '3.1.0', info: { title: 'Items', version: '0.1.0' }, paths: {} },
      },
    },
  }),
});

export const getDocs = operation({
  id: 'getDocs',
  method: 'GET',
  tag: 'Service',
  path: '/docs',
  summary: 'Swagger UI',
  cacheControl: CACHED,
  answers: answers(everyOperation, withoutBody, negotiated, whileBusy, document, {
    200: { description: 'The page', mediaTypes: [HTML], fields: ['ETag', ...OF_PAGES], example: DOCUMENT_TAG },
  }),
});

export const getDocsAsset = operation({
  id: 'getDocsAsset',
  method: 'GET',
  tag: 'Service',
  path: '/docs/:asset',
  summary: 'A script or style of Swagger UI',
  params: {
    asset: { pattern: /^[a-z0-9.-]{1,64}$/, expected: 'a file name in lower case', example: 'swagger-ui.css' },
  },
  cacheControl: CACHED,
  answers: answers(everyOperation, withPathParameter, withoutBody, negotiated, whileBusy, document, {
    200: {
      description:
        'The file. The page at /docs uses a name that changes with the file, and under this name it is cached for a year',
      mediaTypes: ['text/css', 'text/javascript', 'image/png'],
      fields: ['ETag'],
      example: DOCUMENT_TAG,
    },
    404: [routeNotFound],
  }),
});

export const listProblemTypes = operation({
  id: 'listProblemTypes',
  method: 'GET',
  tag: 'Service',
  path: '/problems',
  summary: 'Every problem type: what it means and what to do',
  cacheControl: CACHED,
  answers: answers(everyOperation, withoutBody, negotiated, whileBusy, document, {
    200: {
      description: 'The problem types',
      body: ProblemTypesDto,
      mediaTypes: [HTML],
      fields: ['ETag'],
      optionalFields: OF_PAGES,
      example: DOCUMENT_TAG,
    },
  }),
});

export const getProblemType = operation({
  id: 'getProblemType',
  method: 'GET',
  tag: 'Service',
  path: '/problems/:code',
  summary: 'A problem type: what it means and what to do',
  params: {
    code: { pattern: /^[a-z0-9-]{1,64}$/, expected: 'the code of a problem', example: 'item-not-found' },
  },
  cacheControl: CACHED,
  answers: answers(everyOperation, withPathParameter, withoutBody, negotiated, whileBusy, document, {
    200: {
      description: 'The problem type',
      body: ProblemTypeDto,
      mediaTypes: [HTML],
      fields: ['ETag'],
      optionalFields: OF_PAGES,
      example: DOCUMENT_TAG,
    },
    404: [routeNotFound],
  }),
});

export const getStatusCodes = operation({
  id: 'getStatusCodes',
  method: 'GET',
  tag: 'Service',
  path: '/status-codes',
  summary: 'Every answer of every operation',
  cacheControl: CACHED,
  answers: answers(everyOperation, withoutBody, negotiated, whileBusy, document, {
    200: {
      description: 'The answers, by operation',
      body: StatusCodesDto,
      mediaTypes: [HTML],
      fields: ['ETag'],
      optionalFields: OF_PAGES,
      example: DOCUMENT_TAG,
    },
  }),
});
