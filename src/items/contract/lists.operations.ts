import { scoped } from '../../access/access.answers.js';
import { answers, operation, type Success } from '../../contract/operation.js';
import { BODY_RESTRICTIONS } from '../../http/body/body.restrictions.js';
import { FORM } from '../../http/body/form.js';
import { conditionalRead, everyOperation, negotiated, withForm, withoutBody } from '../../http/common-answers.js';
import { invalidCursor } from '../../http/fields/cursor.problems.js';
import { CURSOR } from '../../http/fields/cursor.restrictions.js';
import { TARGET_SIZE } from '../../http/head/head.restrictions.js';
import { limited } from '../../rate-limits/rate-limits.answers.js';
import { queries } from '../../storage/storage.answers.js';
import { ItemPageDto, PartialItemPageDto } from '../dto/item-page.dto.js';
import { ListItemsDto } from '../dto/list-items.dto.js';
import { searchUnready } from '../search/search.problems.js';
import { PAGE_MAX_BYTES } from '../store/list/page.statements.js';
import { invalidFilter } from './items.problems.js';
import { FILTER, WORDS } from './items.restrictions.js';
import { readListRequest } from './list-request.js';

/** An entity-tag of a list is weak. */
const example = { fields: { ETag: 'W/"x0Gq2n1Zk8Jr4Vb7Tc5Ywd"' } };

/** What GET and QUERY of the list have in common. */
const LIST = {
  tag: 'Items',
  path: '/items',
  scope: 'items:read',
  rate: 'read',
  query: ListItemsDto,
  readQuery: readListRequest,
  largestAnswerBytes: PAGE_MAX_BYTES,
  cacheControl: 'private, no-cache',
} as const;

const PAGE: Success = {
  description: 'A page of items',
  body: ItemPageDto,
  partial: { body: PartialItemPageDto, parameter: 'fields' },
  fields: ['ETag'],
  example,
};

const ofLists = answers(everyOperation, limited, negotiated, conditionalRead, queries, scoped, {
  304: { description: 'The page is the one that the client has', fields: ['ETag'], example },
  400: [invalidFilter, invalidCursor],
  503: [searchUnready],
});

export const listItems = operation({
  ...LIST,
  id: 'listItems',
  method: 'GET',
  summary: 'List items, page by page',
  restrictions: [TARGET_SIZE, CURSOR, FILTER, WORDS],
  answers: answers(ofLists, withoutBody, { 200: { ...PAGE, fields: ['ETag', 'Link', 'Accept-Query'] } }),
});

/** Without Link: who follows one sends a GET, and so no body. */
export const queryItems = operation({
  ...LIST,
  id: 'queryItems',
  method: 'QUERY',
  summary: 'List items by a query in the body',
  body: { [FORM]: ListItemsDto },
  examples: { [FORM]: { filter: 'name==a*', sort: '-updatedAt', limit: 5 } },
  restrictions: [...BODY_RESTRICTIONS, CURSOR, FILTER, WORDS],
  answers: answers(ofLists, withForm, { 200: PAGE }),
});
